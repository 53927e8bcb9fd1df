import CPicketKernels
import PicketTensor

/// An attention cut into blocks of rows whose scores stay near: for each block a product, a softmax and a product.
///
/// Keys and values are packed anew for each matrix of the stack, which costs about as much as one row of scores does.
struct AttentionBlocks: Sendable {
    /// Rows of scores at a time, about.
    private static let rows = 56

    /// What one run computes on.
    struct Memory {
        var queries: UnsafePointer<Float>
        var keys: UnsafePointer<Float>
        var values: UnsafePointer<Float>
        var result: UnsafeMutablePointer<Float>
        var scale: Float
    }

    let shape: AttentionShape
    let kernels: KernelTable
    /// Rows of a block, the last one's aside.
    let height: Int
    let perMatrix: Int
    /// Columns of scores that are computed: whole vectors. Those behind the last key mean nothing.
    private let columns: Int
    private let pitch: Int
    /// Where each part of the scratch begins.
    private let valuesStart: Int
    private let scoresStart: Int
    private let queriesStart: Int
    private let productStart: Int
    let scratchBytes: Int

    init(_ shape: AttentionShape, _ kernels: KernelTable) {
        self.shape = shape
        self.kernels = kernels
        let functions = kernels.functions.pointee
        let tile = functions.gemm_row_tile
        let vector = functions.gemm_column_tile / 2
        height = max(1, Self.rows / tile) * tile
        perMatrix = max(1, (shape.rows + height - 1) / height)
        columns = (shape.count + vector - 1) / vector * vector
        // Rows that are a multiple of many lines apart would share few sets of the first cache.
        pitch = columns.isMultiple(of: 512) ? columns + vector : columns
        let float = MemoryLayout<Float>.size
        let block = min(height, shape.rows)
        let sizes = [
            functions.gemm_packed_bytes(shape.depth, shape.count),
            functions.gemm_packed_bytes(shape.count, shape.width),
            block * pitch * float,
            shape.queries.columnStride == 1 ? 0 : block * shape.depth * float,
            max(
                functions.gemm_scratch_bytes(block, columns, shape.depth),
                functions.gemm_scratch_bytes(block, shape.width, shape.count)
            ),
        ]
        var starts = [0]
        for size in sizes {
            let alignment = AlignedBuffer.alignment
            starts.append(starts[starts.count - 1] + (size + alignment - 1) / alignment * alignment)
        }
        (valuesStart, scoresStart, queriesStart, productStart) = (starts[1], starts[2], starts[3], starts[4])
        scratchBytes = starts[5]
    }

    /// - Parameters:
    ///   - units: blocks of rows, one matrix of the stack after the other.
    ///   - addend: the first element of each addend.
    func run(
        _ units: Range<Int>,
        _ memory: Memory,
        addend: (Int) -> UnsafePointer<Float>,
        scratch: UnsafeMutableRawPointer
    ) {
        var packed: Int?
        for unit in units {
            let (matrix, block) = (unit / perMatrix, unit % perMatrix)
            if packed != matrix { pack(matrix, memory, scratch) }
            packed = matrix
            let rows = block * height..<min(shape.rows, (block + 1) * height)
            score(rows, of: matrix, memory, scratch)
            let scores = (scratch + scoresStart).assumingMemoryBound(to: Float.self)
            for (index, stack) in shape.addends.enumerated() {
                kernels.functions.pointee.binary(
                    PICKET_BINARY_ADD,
                    rows.count,
                    shape.count,
                    scores,
                    pitch,
                    1,
                    addend(index) + stack.start(matrix) + rows.lowerBound * stack.rowStride,
                    stack.rowStride,
                    stack.columnStride,
                    scores,
                    pitch
                )
            }
            kernels.functions.pointee.softmax(rows.count, shape.count, scores, pitch, scores, pitch)
            weigh(rows, of: matrix, memory, scratch)
        }
    }

    /// Keys, times the scale, and values of a matrix in the product's layout.
    private func pack(_ matrix: Int, _ memory: Memory, _ scratch: UnsafeMutableRawPointer) {
        let keys = scratch.assumingMemoryBound(to: Float.self)
        let functions = kernels.functions.pointee
        functions.gemm_pack(
            shape.depth,
            shape.count,
            memory.keys + shape.keys.start(matrix),
            shape.keys.rowStride,
            shape.keys.columnStride,
            keys
        )
        if memory.scale != 1 {
            let size = functions.gemm_packed_bytes(shape.depth, shape.count) / MemoryLayout<Float>.size
            withUnsafePointer(to: memory.scale) { scale in
                functions.binary(PICKET_BINARY_MULTIPLY, 1, size, keys, 0, 1, scale, 0, 0, keys, 0)
            }
        }
        functions.gemm_pack(
            shape.count,
            shape.width,
            memory.values + shape.values.start(matrix),
            shape.values.rowStride,
            shape.values.columnStride,
            (scratch + valuesStart).assumingMemoryBound(to: Float.self)
        )
    }

    /// Queries times keys.
    private func score(_ rows: Range<Int>, of matrix: Int, _ memory: Memory, _ scratch: UnsafeMutableRawPointer) {
        let queries = memory.queries + shape.queries.start(matrix) + rows.lowerBound * shape.queries.rowStride
        var (left, stride) = (queries, shape.queries.rowStride)
        if shape.queries.columnStride != 1 {
            let copy = (scratch + queriesStart).assumingMemoryBound(to: Float.self)
            for (row, column) in product(rows.count, shape.depth) {
                copy[row * shape.depth + column] =
                    queries[row * shape.queries.rowStride + column * shape.queries.columnStride]
            }
            (left, stride) = (UnsafePointer(copy), shape.depth)
        }
        multiply(
            rows.count,
            columns,
            shape.depth,
            left,
            stride,
            UnsafePointer(scratch.assumingMemoryBound(to: Float.self)),
            (scratch + scoresStart).assumingMemoryBound(to: Float.self),
            pitch,
            scratch
        )
    }

    /// Probabilities times values.
    private func weigh(_ rows: Range<Int>, of matrix: Int, _ memory: Memory, _ scratch: UnsafeMutableRawPointer) {
        multiply(
            rows.count,
            shape.width,
            shape.count,
            UnsafePointer((scratch + scoresStart).assumingMemoryBound(to: Float.self)),
            pitch,
            UnsafePointer((scratch + valuesStart).assumingMemoryBound(to: Float.self)),
            memory.result + shape.result.start(matrix) + rows.lowerBound * shape.result.rowStride,
            shape.result.rowStride,
            scratch
        )
    }

    private func multiply(
        _ rows: Int,
        _ columns: Int,
        _ depth: Int,
        _ a: UnsafePointer<Float>,
        _ aStride: Int,
        _ packed: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>,
        _ cStride: Int,
        _ scratch: UnsafeMutableRawPointer
    ) {
        var call = picket_gemm(
            rows: rows,
            columns: columns,
            depth: depth,
            a: a,
            a_row_stride: aStride,
            packed_b: packed,
            c: c,
            c_row_stride: cStride,
            column_bias: nil,
            row_bias: nil,
            residual: nil,
            residual_row_stride: 0,
            activation: PICKET_ACTIVATION_NONE,
            alpha: 0,
            beta: 0,
            column_begin: 0,
            column_end: columns
        )
        kernels.functions.pointee.gemm(&call, scratch + productStart)
    }
}
