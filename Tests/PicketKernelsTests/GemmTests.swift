import CPicketKernels
import Testing

/// Matrix products of every ISA level against plain loops.
@Suite("gemm")
struct GemmTests {
    /// Around the tiles of all levels (6×8, 6×16, 14×32), their halves, the blocks of K and of rows.
    static let sizes: [(Int, Int, Int)] = [
        (1, 1, 1), (1, 8, 3), (1, 16, 255), (1, 32, 256), (1, 33, 257), (2, 7, 5), (3, 9, 64), (5, 15, 17), (6, 16, 16),
        (7, 17, 31), (8, 10, 128), (12, 24, 2), (13, 31, 300), (14, 32, 33), (15, 65, 40), (23, 40, 511), (28, 64, 19),
        (31, 100, 512), (64, 10, 1152), (64, 48, 513), (126, 33, 20), (127, 97, 259), (131, 50, 7),
    ]

    @Test("every element is one chain in ascending k, exact to its bits", arguments: KernelLevel.available, sizes)
    func matchesChain(level: KernelLevel, size: (Int, Int, Int)) {
        for side in GuardedFloats.Side.allCases {
            for (gap, extras) in [(0, 0), (3, 0), (0, 1), (0, 2), (5, 4), (1, 7)] {
                let it = GemmCase(
                    rows: size.0,
                    columns: size.1,
                    depth: size.2,
                    gap: gap,
                    extras: extras,
                    seed: UInt64(gap + extras)
                )
                let result = it.computed(level, side: side)
                expectSameBits(result, it.chained(level), "\(it)")
                expectClose(result, it.exact(), tolerance: 1e-6 * Double(size.2 + 4), "\(it)")
            }
        }
    }

    @Test("sizes drawn at random", arguments: KernelLevel.available, 0..<40 as Range<UInt64>)
    func randomSizes(level: KernelLevel, seed: UInt64) {
        var random = Random(seed: seed &+ 1000)
        let it = GemmCase(
            rows: .random(in: 1...150, using: &random),
            columns: .random(in: 1...120, using: &random),
            depth: .random(in: 1...600, using: &random),
            gap: .random(in: 0...9, using: &random),
            extras: .random(in: 0...7, using: &random),
            seed: seed
        )
        expectSameBits(it.computed(level), it.chained(level), "\(it)")
    }

    @Test("activations", arguments: KernelLevel.available, everyActivation)
    func activations(level: KernelLevel, activation: picket_activation) {
        for size in [(1, 9, 3), (14, 32, 300), (20, 50, 40)] {
            let it = GemmCase(
                rows: size.0,
                columns: size.1,
                depth: size.2,
                extras: 7,
                activation: activation,
                seed: 7
            )
            expectClose(it.computed(level), it.exact(), tolerance: 1e-6 * Double(size.2 + 4), "\(it)")
        }
    }

    @Test("a row's bits do not depend on the rows beside it", arguments: KernelLevel.available)
    func rowsAreIndependent(level: KernelLevel) {
        for (columns, depth) in [(10, 300), (70, 520)] {
            let whole = GemmCase(
                rows: 131,
                columns: columns,
                depth: depth,
                extras: 5,
                activation: PICKET_ACTIVATION_RELU
            )
            let expected = whole.computed(level)
            for part in [0..<1, 0..<2, 5..<6, 7..<20, 64..<128, 130..<131] {
                var some = whole
                some.rows = part.count
                some.a = Array(whole.a[part.lowerBound * depth..<part.upperBound * depth])
                let cells = part.lowerBound * columns..<part.upperBound * columns
                some.residual = whole.residual.map { Array($0[cells]) }
                expectSameBits(some.computed(level), Array(expected[cells]), "rows \(part) of \(whole)")
            }
        }
    }

    @Test("columns computed apart are the same columns", arguments: KernelLevel.available)
    func columnsSplit(level: KernelLevel) {
        let it = GemmCase(rows: 9, columns: 101, depth: 270, extras: 7)
        let whole = it.computed(level)
        let tile = level.table.gemm_column_tile
        var begin = 0
        while begin < it.columns {
            let range = begin..<min(begin + 2 * tile, it.columns)
            let expected = (0..<it.rows).flatMap { row in
                whole[row * it.columns + range.lowerBound..<row * it.columns + range.upperBound]
            }
            expectSameBits(it.computed(level, columns: range), expected, "columns \(range) of \(it)")
            begin = range.upperBound
        }
    }

    @Test("a transposed B packs to the same bytes", arguments: KernelLevel.available)
    func transposedPacking(level: KernelLevel) {
        let it = GemmCase(rows: 5, columns: 37, depth: 29)
        let transposed = (0..<it.columns).flatMap { j in (0..<it.depth).map { k in it.b[k * it.columns + j] } }
        let packed = AlignedBytes(level.table.gemm_packed_bytes(it.depth, it.columns))
        let source = GuardedFloats(transposed)
        level.table.gemm_pack(it.depth, it.columns, source.base, 1, it.depth, packed.floats)
        let result = it.product(level, packed: packed, side: .end, columns: 0..<it.columns)
        expectSameBits(result, it.computed(level), "transposed \(it)")
    }

    @Test("a residual with stride 0 adds one row to all", arguments: KernelLevel.available)
    func broadcastResidual(level: KernelLevel) {
        let kernels = level.table
        let one = GemmCase(rows: 20, columns: 19, depth: 30)
        let row = Random.floats(19, seed: 3)
        var spread = one
        spread.residual = (0..<20).flatMap { _ in row }
        let packed = AlignedBytes(kernels.gemm_packed_bytes(30, 19))
        kernels.gemm_pack(30, 19, one.b, 19, 1, packed.floats)
        let (a, c, residual) = (GuardedFloats(one.a), GuardedFloats(output: 20 * 19), GuardedFloats(row))
        let scratch = AlignedBytes(kernels.gemm_scratch_bytes(20, 19, 30))
        var arguments = picket_gemm(
            rows: 20,
            columns: 19,
            depth: 30,
            a: a.base,
            a_row_stride: 30,
            packed_b: packed.floats,
            c: c.base,
            c_row_stride: 19,
            column_bias: nil,
            row_bias: nil,
            residual: residual.base,
            residual_row_stride: 0,
            activation: PICKET_ACTIVATION_NONE,
            alpha: 0,
            beta: 0,
            column_begin: 0,
            column_end: 19
        )
        kernels.gemm(&arguments, scratch.base)
        expectSameBits(c.values, spread.computed(level), "broadcast residual")
    }

    @Test("an empty sum is what is added to it; no rows, nothing happens", arguments: KernelLevel.available)
    func emptySizes(level: KernelLevel) {
        let noDepth = GemmCase(rows: 9, columns: 21, depth: 0, extras: 7)
        expectSameBits(noDepth.computed(level), noDepth.chained(level), "K = 0")
        #expect(GemmCase(rows: 0, columns: 21, depth: 5).computed(level).isEmpty)
        #expect(GemmCase(rows: 5, columns: 0, depth: 5).computed(level).isEmpty)
    }

    @Test("NaN and infinities reach their own row or column only", arguments: KernelLevel.available)
    func specialValues(level: KernelLevel) {
        for activation in everyActivation {
            var it = GemmCase(rows: 17, columns: 35, depth: 270, activation: activation)
            it.a[3 * 270 + 100] = .nan
            it.a[16 * 270 + 269] = .infinity
            it.b[5 * 35 + 34] = -.infinity
            expectClose(it.computed(level), it.exact(), tolerance: 1e-3, "\(it)")
        }
    }
}
