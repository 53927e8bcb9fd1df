import CPicketKernels
import Testing

@Suite("ISA levels")
struct ISALevelTests {
    @Test("the levels are named as users write them")
    func names() {
        let names = (0..<UInt32(PICKET_ISA_LEVEL_COUNT)).map {
            String(cString: picket_isa_name(picket_isa_level(rawValue: $0)))
        }
        #expect(names == ["portable", "avx2", "avx512", "neon"])
        #expect(String(cString: picket_isa_name(picket_isa_level(rawValue: 77))) == "unknown")
    }

    @Test("no request, or an empty one, gets the best level", arguments: [nil, ""] as [String?])
    func defaults(name: String?) {
        var level = picket_isa_level(rawValue: 77)
        #expect(picket_isa_select(name, &level) == PICKET_ISA_SELECTED)
        #expect(level == picket_isa_best())
        #expect(picket_isa_available(level))
    }

    @Test("an available level is selected by its name", arguments: KernelLevel.available)
    func available(level: KernelLevel) {
        var selected = picket_isa_level(rawValue: 77)
        #expect(picket_isa_select(level.description, &selected) == PICKET_ISA_SELECTED)
        #expect(selected == level.level)
        #expect(level.table.level == level.level)
        #expect(String(cString: level.table.gemm_name).hasSuffix("_\(level)"))
    }

    @Test("portable kernels are always there")
    func portable() {
        #expect(picket_kernels(PICKET_ISA_PORTABLE) != nil)
    }

    @Test("a name that is no level is refused", arguments: ["AVX2", "sse", "avx2 ", "best"])
    func unknown(name: String) {
        var level = picket_isa_level(rawValue: 77)
        #expect(picket_isa_select(name, &level) == PICKET_ISA_UNKNOWN_NAME)
        #expect(level.rawValue == 77)
        #expect(String(cString: picket_isa_selection_message(PICKET_ISA_UNKNOWN_NAME)).contains("avx2"))
    }

    @Test("a level of another architecture is refused, and has no kernels")
    func otherArchitecture() {
        #if arch(x86_64)
            let (name, foreign) = ("neon", PICKET_ISA_NEON)
        #else
            let (name, foreign) = ("avx2", PICKET_ISA_AVX2)
        #endif
        var level = picket_isa_level(rawValue: 77)
        #expect(picket_isa_select(name, &level) == PICKET_ISA_NOT_BUILT)
        #expect(level == foreign)
        #expect(!picket_isa_available(foreign))
        #expect(picket_kernels(foreign) == nil)
        #expect(picket_kernels(picket_isa_level(rawValue: 77)) == nil)
    }
}
