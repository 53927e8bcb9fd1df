import CPicketKernels
import Testing

/// A matrix product with all its operands, and what comes out of it by plain loops.
struct GemmCase: CustomStringConvertible {
    var rows: Int, columns: Int, depth: Int
    var activation = PICKET_ACTIVATION_NONE
    var alpha: Float = -0.4, beta: Float = 0.7
    /// Floats between rows of A, C and residual beyond their width.
    var gap = 0
    var a: [Float], b: [Float]
    var columnBias: [Float]?, rowBias: [Float]?, residual: [Float]?

    init(
        rows: Int,
        columns: Int,
        depth: Int,
        gap: Int = 0,
        extras: Int = 0,
        activation: picket_activation = PICKET_ACTIVATION_NONE,
        seed: UInt64 = 1
    ) {
        var random = Random(seed: seed)
        (self.rows, self.columns, self.depth) = (rows, columns, depth)
        self.gap = gap
        self.activation = activation
        a = random.floats(rows * (depth + gap))
        b = random.floats(depth * columns)
        columnBias = extras & 1 != 0 ? random.floats(columns) : nil
        rowBias = extras & 2 != 0 ? random.floats(rows) : nil
        residual = extras & 4 != 0 ? random.floats(rows * (columns + gap)) : nil
    }

    var description: String { "\(rows)×\(columns)×\(depth) gap \(gap) activation \(activation.rawValue)" }

    /// What is added to the sum of element (i, j), in the order in which it is added. The sum starts at the column's bias.
    private func terms(_ i: Int, _ j: Int) -> [Float] {
        [rowBias?[i], residual?[i * (columns + gap) + j]].compactMap(\.self)
    }

    /// The exact product, rounded nowhere but in double precision.
    func exact() -> [Double] {
        (0..<rows).flatMap { i in
            (0..<columns).map { j in
                var sum = Double(columnBias?[j] ?? 0)
                for k in 0..<depth {
                    sum += Double(a[i * (depth + gap) + k]) * Double(b[k * columns + j])
                }
                return activated(terms(i, j).reduce(sum) { $0 + Double($1) }, activation, alpha, beta)
            }
        }
    }

    /// One float chain per element in ascending k, rounded as the level does, before the activation.
    func chained(_ level: KernelLevel) -> [Float] {
        (0..<rows).flatMap { i in
            (0..<columns).map { j in
                var sum = columnBias?[j] ?? 0
                for k in 0..<depth {
                    sum = level.multiplyAdd(a[i * (depth + gap) + k], b[k * columns + j], sum)
                }
                return terms(i, j).reduce(sum, +)
            }
        }
    }

    /// The kernel's product. All operands lie against closed pages, C's gaps must stay as they are.
    func computed(_ level: KernelLevel, side: GuardedFloats.Side = .end, columns range: Range<Int>? = nil) -> [Float] {
        let kernels = level.table
        let packed = AlignedBytes(kernels.gemm_packed_bytes(depth, columns))
        let guardedB = GuardedFloats(b, against: side)
        kernels.gemm_pack(depth, columns, guardedB.base, columns, 1, packed.floats)
        return product(level, packed: packed, side: side, columns: range ?? 0..<columns)
    }

    func product(
        _ level: KernelLevel,
        packed: AlignedBytes,
        side: GuardedFloats.Side,
        columns range: Range<Int>
    ) -> [Float] {
        let kernels = level.table
        let stride = columns + gap
        let left = GuardedFloats(Array(a.dropLast(gap)), against: side)
        let c = GuardedFloats(output: max(0, rows * stride - gap), against: side)
        let untouched = c.values
        let biases = (
            columnBias.map { GuardedFloats($0, against: side) }, rowBias.map { GuardedFloats($0, against: side) }
        )
        let added = residual.map { GuardedFloats(Array($0.dropLast(gap)), against: side) }
        let scratch = AlignedBytes(kernels.gemm_scratch_bytes(rows, columns, depth))
        var arguments = picket_gemm(
            rows: rows,
            columns: columns,
            depth: depth,
            a: left.base,
            a_row_stride: depth + gap,
            packed_b: packed.floats,
            c: c.base,
            c_row_stride: stride,
            column_bias: biases.0.map { UnsafePointer($0.base) },
            row_bias: biases.1.map { UnsafePointer($0.base) },
            residual: added.map { UnsafePointer($0.base) },
            residual_row_stride: stride,
            activation: activation,
            alpha: alpha,
            beta: beta,
            column_begin: range.lowerBound,
            column_end: range.upperBound
        )
        kernels.gemm(&arguments, scratch.base)
        c.expectIntact()
        let values = c.values
        for i in 0..<rows where i + 1 < rows && gap > 0 {
            let between = i * stride + columns..<(i + 1) * stride
            expectSameBits(Array(values[between]), Array(untouched[between]), "gap behind row \(i) of \(self)")
        }
        return (0..<rows).flatMap { i in values[i * stride + range.lowerBound..<i * stride + range.upperBound] }
    }
}
