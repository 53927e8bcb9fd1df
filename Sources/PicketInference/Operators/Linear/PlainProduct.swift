import CPicketKernels

extension KernelTable {
    /// C = A · B for row-major A and C that lie densely, and a packed B; nothing added.
    ///
    /// - Parameter scratch: as `gemm_scratch_bytes` wants it.
    func multiply(
        rows: Int,
        columns: Int,
        depth: Int,
        _ a: UnsafePointer<Float>,
        _ b: UnsafePointer<Float>,
        into c: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutableRawPointer
    ) {
        var call = picket_gemm(
            rows: rows,
            columns: columns,
            depth: depth,
            a: a,
            a_row_stride: depth,
            packed_b: b,
            c: c,
            c_row_stride: columns,
            column_bias: nil,
            row_bias: nil,
            residual: nil,
            residual_row_stride: 0,
            activation: Activation.none.kernel,
            alpha: 0,
            beta: 0,
            column_begin: 0,
            column_end: columns
        )
        functions.pointee.gemm(&call, scratch)
    }
}
