import CPicketKernels
import Testing

/// Products and convolutions of numbers rounded to bfloat16 against plain arithmetic.
@Suite("bfloat16")
struct Bfloat16Tests {
    @Test("is there, or says why not")
    func support() {
        let support = picket_bfloat16_supported()
        #expect((picket_bfloat16_kernels() != nil) == (support == PICKET_BFLOAT16_SUPPORTED))
        #expect(
            String(cString: picket_bfloat16_support_message(PICKET_BFLOAT16_NOT_ON_THIS_CPU)).contains("AVX512_BF16")
        )
        #expect(String(cString: picket_bfloat16_support_message(PICKET_BFLOAT16_NOT_BUILT)).contains("x86-64"))
    }

    @Test("the model rounds to the nearest, halves to the even one")
    func model() {
        #expect(Bfloat16Model.rounded(1 + 0x1p-8) == 1)
        #expect(Bfloat16Model.rounded(1 + 0x1p-7 + 0x1p-8) == 1 + 0x1p-6)
        #expect(Bfloat16Model.rounded(-1 - 0x1p-8 - 0x1p-23) == -1 - 0x1p-7)
        #expect(Bfloat16Model.rounded(0x1p-127) == 0)
        #expect(Bfloat16Model.rounded(.greatestFiniteMagnitude) == .infinity)
        #expect(Bfloat16Model.sum([(1, 1), (0x1p-23, 1), (1, 0x1p-24)], from: 1) == 2)
    }

    @Test(
        "products are the model's, bit by bit, and within the bound",
        arguments: KernelLevel.bfloat16,
        GemmTests.sizes
    )
    func products(level: KernelLevel, size: (Int, Int, Int)) {
        for side in GuardedFloats.Side.allCases {
            for (gap, extras) in [(0, 0), (3, 1), (5, 4), (1, 7)] {
                let it = GemmCase(
                    rows: size.0,
                    columns: size.1,
                    depth: size.2,
                    gap: gap,
                    extras: extras,
                    seed: UInt64(gap + extras)
                )
                let result = it.computed(level, side: side)
                expectSameBits(result, it.paired(), "\(it)")
                let isWithin = zip(zip(result, it.exact()), it.bounds()).allSatisfy { abs(Double($0.0) - $0.1) <= $1 }
                #expect(isWithin, "\(it)")
            }
        }
    }

    @Test("sizes drawn at random", arguments: KernelLevel.bfloat16, 0..<40 as Range<UInt64>)
    func randomSizes(level: KernelLevel, seed: UInt64) {
        var random = Random(seed: seed &+ 1000)
        let it = GemmCase(
            rows: .random(in: 1...150, using: &random),
            columns: .random(in: 1...200, using: &random),
            depth: .random(in: 1...1300, using: &random),
            gap: .random(in: 0...9, using: &random),
            extras: .random(in: 0...7, using: &random),
            seed: seed
        )
        expectSameBits(it.computed(level), it.paired(), "\(it)")
    }

    @Test("activations", arguments: KernelLevel.bfloat16, everyActivation)
    func activations(level: KernelLevel, activation: picket_activation) {
        for size in [(1, 9, 3), (14, 32, 300), (20, 50, 40)] {
            let plain = GemmCase(rows: size.0, columns: size.1, depth: size.2, extras: 7, seed: 7)
            let it = GemmCase(
                rows: size.0,
                columns: size.1,
                depth: size.2,
                extras: 7,
                activation: activation,
                seed: 7
            )
            let expected = plain.paired().map { activated(Double($0), activation, it.alpha, it.beta) }
            expectClose(it.computed(level), expected, tolerance: 1e-4, "\(it)")
        }
    }

    @Test("rows and columns computed apart are the same", arguments: KernelLevel.bfloat16)
    func splits(level: KernelLevel) {
        let (columns, depth) = (165, 1201)
        let whole = GemmCase(rows: 131, columns: columns, depth: depth, extras: 5)
        let expected = whole.computed(level)
        for part in [0..<1, 0..<2, 5..<6, 7..<20, 64..<128, 130..<131] {
            var some = whole
            some.rows = part.count
            some.a = Array(whole.a[part.lowerBound * depth..<part.upperBound * depth])
            let cells = part.lowerBound * columns..<part.upperBound * columns
            some.residual = whole.residual.map { Array($0[cells]) }
            expectSameBits(some.computed(level), Array(expected[cells]), "rows \(part) of \(whole)")
        }
        let middle = 64..<160
        let strip = (0..<131).flatMap { expected[$0 * columns + middle.lowerBound..<$0 * columns + middle.upperBound] }
        expectSameBits(whole.computed(level, columns: middle), strip, "columns \(middle) of \(whole)")
    }

    @Test("scratch for many rows does for few", arguments: KernelLevel.bfloat16)
    func scratch(level: KernelLevel) {
        let bytes = [1, 14, 15, 65, 126, 500].map { level.table.gemm_scratch_bytes($0, 64, 25_000) }
        #expect(bytes == bytes.sorted())
        #expect(bytes[0] >= 25_000 * 2)
    }

    @Test("a transposed B packs to the same bytes, half as many", arguments: KernelLevel.bfloat16)
    func packing(level: KernelLevel) {
        let it = GemmCase(rows: 5, columns: 37, depth: 129)
        let transposed = (0..<it.columns).flatMap { j in (0..<it.depth).map { k in it.b[k * it.columns + j] } }
        let bytes = level.table.gemm_packed_bytes(it.depth, it.columns)
        #expect(bytes == 64 * 130 * 2)
        let packed = AlignedBytes(bytes)
        let source = GuardedFloats(transposed)
        level.table.gemm_pack(it.depth, it.columns, source.base, 1, it.depth, packed.floats)
        let result = it.product(level, packed: packed, side: .end, columns: 0..<it.columns)
        expectSameBits(result, it.computed(level), "transposed \(it)")
    }

    @Test(
        "denormal numbers count as zeros, NaN and infinities reach their own row or column",
        arguments: KernelLevel.bfloat16
    )
    func specialValues(level: KernelLevel) {
        var it = GemmCase(rows: 17, columns: 35, depth: 271)
        it.a[3 * 271 + 100] = .nan
        it.a[16 * 271 + 270] = .infinity
        it.b[5 * 35 + 34] = -.infinity
        expectSameBits(it.computed(level), it.paired(), "\(it)")
        var small = GemmCase(rows: 2, columns: 3, depth: 5)
        small.a = small.a.map { $0 * 0x1p-100 }
        small.b = small.b.map { $0 * 0x1p-27 }
        small.a[0] = 0x1p-130
        expectSameBits(small.computed(level), small.paired(), "small numbers")
    }

    /// Those of every kind that the kernel takes.
    static let taken = PixelConvolutionTests.cases.filter { $0.base.groups == 1 && $0.base.channels.input >= 3 }

    @Test("convolutions are the model's, bit by bit", arguments: KernelLevel.bfloat16, taken)
    func convolutions(level: KernelLevel, it: PixelConvCase) {
        let expected = it.paired()
        for side in GuardedFloats.Side.allCases {
            expectSameBits(it.computed(level, side: side), expected, "\(it)")
        }
        for parts in [2, 3, 50] {
            expectSameBits(it.computed(level, parts: parts), expected, "\(parts) parts of \(it)")
        }
    }

    @Test("shapes drawn at random", arguments: KernelLevel.bfloat16, 0..<120 as Range<UInt64>)
    func randomShapes(level: KernelLevel, seed: UInt64) {
        var random = Random(seed: seed &+ 4000)
        var it = PixelConvCase.random(seed: seed, using: &random)
        it.base.groups = 1
        it.base.channels.input += 2
        let expected = it.paired()
        expectSameBits(it.computed(level), expected, "\(it)")
        expectSameBits(it.computed(level, parts: 3), expected, "in parts: \(it)")
    }

    @Test("channels that lie a power of two apart, and several bands", arguments: KernelLevel.bfloat16)
    func gaps(level: KernelLevel) {
        for base in [
            ConvCase(channels: (512, 7), size: (5, 6), padBegin: (1, 1), padEnd: (1, 1)),
            ConvCase(images: 2, channels: (256, 40), size: (6, 7), kernel: (1, 1), stride: (2, 2)),
            ConvCase(channels: (256, 5), size: (9, 8), stride: (2, 2), padBegin: (1, 1), padEnd: (1, 1)),
            ConvCase(channels: (64, 3), size: (40, 33), kernel: (5, 1), padBegin: (2, 0), padEnd: (2, 0)),
        ] {
            let it = PixelConvCase(base: base)
            expectSameBits(it.computed(level, parts: 2), it.paired(), "\(it)")
        }
    }

    @Test("leaves groups and one or two channels to float32", arguments: KernelLevel.bfloat16)
    func unsupported(level: KernelLevel) {
        for (groups, channels, isSupported) in [(1, 3, true), (1, 2, false), (2, 8, false)] {
            var shape = ConvCase(groups: groups, channels: (channels, 8)).shape
            #expect(level.convolution(PICKET_CONV_GEMM).supports(&shape, PICKET_LAYOUT_CHANNELS_LAST) == isSupported)
        }
    }
}
