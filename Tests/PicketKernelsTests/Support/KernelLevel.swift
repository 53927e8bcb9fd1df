import CPicketKernels

/// An ISA level that this machine runs, as an argument of tests.
struct KernelLevel: Sendable, CustomStringConvertible {
    let level: picket_isa_level
    /// Whether products and convolutions are those of bfloat16.
    var isBfloat16 = false

    /// Every level that this machine runs: each test runs once for each.
    static let available: [KernelLevel] = (0..<UInt32(PICKET_ISA_LEVEL_COUNT))
        .map { picket_isa_level(rawValue: $0) }
        .filter { picket_isa_available($0) }
        .map { KernelLevel(level: $0) }

    /// The kernels of bfloat16 in the place of those of float32; none where this machine has none.
    static let bfloat16: [KernelLevel] =
        picket_bfloat16_supported() == PICKET_BFLOAT16_SUPPORTED
        ? [KernelLevel(level: PICKET_ISA_AVX512, isBfloat16: true)] : []

    var table: picket_kernel_table {
        guard let kernels = picket_kernels(level) else {
            preconditionFailure("a level that is available has kernels")
        }
        guard isBfloat16, let pairs = picket_bfloat16_kernels()?.pointee else { return kernels.pointee }
        var table = kernels.pointee
        table.gemm_name = pairs.gemm_name
        table.gemm_column_tile = pairs.gemm_column_tile
        table.gemm_row_tile = pairs.gemm_row_tile
        table.gemm_packed_bytes = pairs.gemm_packed_bytes
        table.gemm_pack = pairs.gemm_pack
        table.gemm_scratch_bytes = pairs.gemm_scratch_bytes
        table.gemm = pairs.gemm
        table.convolutions.0 = pairs.convolution
        return table
    }

    var description: String { isBfloat16 ? "bfloat16" : String(cString: picket_isa_name(level)) }

    /// One step of a sum over K as this level rounds it.
    func multiplyAdd(_ a: Float, _ b: Float, _ sum: Float) -> Float {
        level == PICKET_ISA_PORTABLE ? sum + a * b : sum.addingProduct(a, b)
    }
}
