import CPicketKernels

/// Products of float32 matrices with packed ones: of float32 numbers, or of numbers rounded to bfloat16.
///
/// Proof of `@unchecked Sendable`: the C tables are immutable static data.
enum MatrixKernel: @unchecked Sendable {
    case float32(UnsafePointer<picket_kernel_table>)
    case bfloat16(UnsafePointer<picket_bfloat16_table>)

    /// Columns in a panel of packed B.
    var columnTile: Int {
        switch self {
        case .float32(let table): table.pointee.gemm_column_tile
        case .bfloat16(let table): table.pointee.gemm_column_tile
        }
    }

    /// Tells packed bytes of one kind from those of the other.
    var packing: String {
        switch self {
        case .float32: "gemm"
        case .bfloat16: "gemm bfloat16"
        }
    }

    func packedBytes(depth: Int, columns: Int) -> Int {
        switch self {
        case .float32(let table): table.pointee.gemm_packed_bytes(depth, columns)
        case .bfloat16(let table): table.pointee.gemm_packed_bytes(depth, columns)
        }
    }

    func pack(
        depth: Int,
        columns: Int,
        _ b: UnsafePointer<Float>,
        rowStride: Int,
        columnStride: Int,
        into packed: UnsafeMutableRawPointer
    ) {
        let target = packed.assumingMemoryBound(to: Float.self)
        switch self {
        case .float32(let table): table.pointee.gemm_pack(depth, columns, b, rowStride, columnStride, target)
        case .bfloat16(let table): table.pointee.gemm_pack(depth, columns, b, rowStride, columnStride, target)
        }
    }

    func scratchBytes(rows: Int, columns: Int, depth: Int) -> Int {
        switch self {
        case .float32(let table): table.pointee.gemm_scratch_bytes(rows, columns, depth)
        case .bfloat16(let table): table.pointee.gemm_scratch_bytes(rows, columns, depth)
        }
    }

    func run(_ product: inout picket_gemm, scratch: UnsafeMutableRawPointer) {
        switch self {
        case .float32(let table): table.pointee.gemm(&product, scratch)
        case .bfloat16(let table): table.pointee.gemm(&product, scratch)
        }
    }
}

extension KernelTable {
    /// For matrices that are not known beforehand, whatever the precision.
    var float32Products: MatrixKernel { .float32(functions) }

    /// For constant weights.
    var constantProducts: MatrixKernel { bfloat16.map { .bfloat16($0) } ?? .float32(functions) }
}
