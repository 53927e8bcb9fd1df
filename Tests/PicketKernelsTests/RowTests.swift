import CPicketKernels
import Glibc
import Testing

/// Softmax, its logarithm and means of every ISA level against their definitions.
@Suite("rows")
struct RowTests {
    static let counts = [1, 2, 3, 7, 8, 9, 10, 16, 17, 31, 64, 100, 1000]

    static func softmax(_ row: [Float]) -> [Double] {
        let top = row.contains { $0.isNaN } ? .nan : Double(row.max() ?? 0)
        let powers = row.map { Glibc.exp(Double($0) - top) }
        return powers.map { $0 / powers.reduce(0, +) }
    }

    static func logSoftmax(_ row: [Float]) -> [Double] {
        let top = row.contains { $0.isNaN } ? .nan : Double(row.max() ?? 0)
        let sum = row.reduce(0.0) { $0 + Glibc.exp(Double($1) - top) }
        return row.map { Double($0) - top - Glibc.log(sum) }
    }

    /// Runs a row function over rows that lie `gap` floats apart, and returns the rows alone.
    static func apply(
        _ level: KernelLevel,
        logarithm: Bool,
        _ rows: [[Float]],
        gap: Int = 0,
        inPlace: Bool = false
    ) -> [[Float]] {
        let count = rows.first?.count ?? 0
        let stride = count + gap
        let spread = Array(rows.flatMap { $0 + [Float](repeating: 7, count: gap) }.dropLast(gap))
        let x = GuardedFloats(spread)
        let y = inPlace ? x : GuardedFloats([Float](repeating: 7, count: spread.count))
        let function = logarithm ? level.table.log_softmax : level.table.softmax
        function(rows.count, count, x.base, stride, y.base, stride)
        y.expectIntact()
        let values = y.values
        for row in rows.indices.dropLast() {
            #expect(values[row * stride + count..<(row + 1) * stride].allSatisfy { $0 == 7 })
        }
        return rows.indices.map { Array(values[$0 * stride..<$0 * stride + count]) }
    }

    @Test("softmax and its logarithm", arguments: KernelLevel.available, counts)
    func softmax(level: KernelLevel, count: Int) {
        for scale in [Float(1), 30, 1e4] {
            let rows = (0..<5).map { row in
                Random.floats(count, seed: UInt64(row)).map { $0 * scale + Float(row) * 1000 }
            }
            for (gap, inPlace) in [(0, false), (3, false), (2, true)] {
                let plain = Self.apply(level, logarithm: false, rows, gap: gap, inPlace: inPlace)
                let logarithm = Self.apply(level, logarithm: true, rows, gap: gap, inPlace: inPlace)
                for (index, row) in rows.enumerated() {
                    expectClose(plain[index], Self.softmax(row), tolerance: 1e-6, "softmax of \(count)")
                    expectClose(
                        logarithm[index],
                        Self.logSoftmax(row),
                        tolerance: 2e-6 + 2e-7 * Double(scale),
                        "log-softmax of \(count)"
                    )
                }
            }
        }
    }

    @Test("a row's bits do not depend on the rows beside it", arguments: KernelLevel.available, [false, true])
    func rowsAreIndependent(level: KernelLevel, logarithm: Bool) {
        let rows = (0..<7).map { Random.floats(19, seed: UInt64($0)) }
        let together = Self.apply(level, logarithm: logarithm, rows, gap: 1)
        for (index, row) in rows.enumerated() {
            expectSameBits(together[index], Self.apply(level, logarithm: logarithm, [row])[0], "row \(index)")
        }
    }

    @Test("NaN and infinities", arguments: KernelLevel.available)
    func specialValues(level: KernelLevel) {
        for count in [3, 10, 33] {
            for special in [[Float.nan], [.infinity], [.infinity, -.infinity], [.nan, .infinity]] {
                for position in [0, count - special.count] {
                    var row = Random.floats(count, seed: 1)
                    row.replaceSubrange(position..<position + special.count, with: special)
                    let result = Self.apply(level, logarithm: false, [row])[0]
                    #expect(result.allSatisfy { $0.isNaN }, "softmax of \(row)")
                }
            }
            var row = [Float](repeating: -.infinity, count: count)
            #expect(Self.apply(level, logarithm: false, [row])[0].allSatisfy { $0.isNaN })
            row[count - 1] = -1e30
            let one = Self.apply(level, logarithm: false, [row])[0]
            #expect(one.dropLast().allSatisfy { $0 == 0 } && one.last == 1)
            let logarithm = Self.apply(level, logarithm: true, [row])[0]
            #expect(logarithm.dropLast().allSatisfy { $0 == -.infinity } && logarithm.last == 0)
        }
    }

    @Test("means", arguments: KernelLevel.available, [1, 3, 7, 8, 15, 16, 49, 63, 64, 65, 129, 784, 50176])
    func means(level: KernelLevel, count: Int) {
        let rows = (0..<3).map { row in Random.floats(count + 2, seed: UInt64(row)).map { $0 + Float(row) } }
        let (x, y) = (GuardedFloats(Array(rows.joined().dropLast(2))), GuardedFloats(output: 3))
        level.table.mean(3, count, x.base, count + 2, y.base)
        y.expectIntact()
        let exact = rows.map { $0.prefix(count).reduce(0.0) { $0 + Double($1) } / Double(count) }
        expectClose(y.values, exact, tolerance: 1e-5, "means of \(count)")
        for (row, together) in zip(rows, y.values) {
            let alone = GuardedFloats(output: 1)
            level.table.mean(1, count, row, count, alone.base)
            expectSameBits(alone.values, [together], "one row's mean")
        }
    }

    @Test("an empty row has no mean, empty rows no softmax", arguments: KernelLevel.available)
    func empty(level: KernelLevel) {
        let (x, y) = (GuardedFloats([1]), GuardedFloats([5]))
        level.table.mean(1, 0, x.base, 0, y.base)
        #expect(y.values[0].isNaN)
        level.table.softmax(3, 0, x.base, 0, x.base, 0)
        level.table.log_softmax(0, 1, x.base, 1, x.base, 1)
        #expect(x.values == [1])
    }
}
