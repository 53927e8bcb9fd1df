import CPicketKernels

/// An ISA level that this machine runs, as an argument of tests.
struct KernelLevel: Sendable, CustomStringConvertible {
    let level: picket_isa_level

    /// Every level that this machine runs: each test runs once for each.
    static let available: [KernelLevel] = (0..<UInt32(PICKET_ISA_LEVEL_COUNT))
        .map { picket_isa_level(rawValue: $0) }
        .filter { picket_isa_available($0) }
        .map(KernelLevel.init)

    var table: picket_kernel_table {
        guard let kernels = picket_kernels(level) else {
            preconditionFailure("a level that is available has kernels")
        }
        return kernels.pointee
    }

    var description: String { String(cString: picket_isa_name(level)) }

    /// One step of a sum over K as this level rounds it.
    func multiplyAdd(_ a: Float, _ b: Float, _ sum: Float) -> Float {
        level == PICKET_ISA_PORTABLE ? sum + a * b : sum.addingProduct(a, b)
    }
}
