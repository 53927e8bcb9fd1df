import CPicketKernels
import Glibc
import Testing

/// Element-wise functions of every ISA level against their definitions.
@Suite("element-wise")
struct ElementwiseTests {
    /// Around the widths of vectors, and enough for several of each.
    static let counts = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 100]

    static let special: [Float] = [
        .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
        .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 3, -3, 0.625, -0.625, 1e-8, -1e-8, 88.7228, 88.7229, -87.4,
        -103.9, -104.1, 9.02, -9.02, 17, -17,
    ]

    /// One of the functions with its exact definition and the error that the header allows.
    struct Function: Sendable, CustomStringConvertible {
        let operation: picket_unary
        let ulps: Double
        let description: String
        let exact: @Sendable (Double) -> Double

        static let all: [Function] = [
            Function(operation: PICKET_UNARY_RELU, ulps: 0, description: "relu") { $0.isNaN ? $0 : max($0, 0) },
            Function(operation: PICKET_UNARY_LEAKY_RELU, ulps: 0.5, description: "leaky relu") {
                $0 < 0 ? Double(Float(-0.3)) * $0 : $0
            },
            Function(operation: PICKET_UNARY_CLIP, ulps: 0, description: "clip") {
                $0.isNaN ? $0 : min(max($0, Double(Float(-0.3))), Double(Float(0.7)))
            },
            Function(operation: PICKET_UNARY_SIGMOID, ulps: 4, description: "sigmoid") { 1 / (1 + Glibc.exp(-$0)) },
            Function(operation: PICKET_UNARY_TANH, ulps: 4, description: "tanh") { Glibc.tanh($0) },
            Function(operation: PICKET_UNARY_EXP, ulps: 2, description: "exp") { Glibc.exp($0) },
        ]
    }

    static func apply(_ level: KernelLevel, _ operation: picket_unary, _ values: [Float]) -> [Float] {
        let (x, y) = (GuardedFloats(values), GuardedFloats(output: values.count))
        level.table.unary(operation, values.count, x.base, y.base, -0.3, 0.7)
        y.expectIntact()
        return y.values
    }

    /// Distance in units of the last place of the exact value, as float has them.
    static func ulps(_ actual: Float, _ exact: Double) -> Double {
        let rounded = Float(exact)
        if actual.isNaN || exact.isNaN {
            return actual.isNaN && exact.isNaN ? 0 : .infinity
        }
        if rounded.isInfinite || actual.isInfinite {
            return actual == rounded ? 0 : .infinity
        }
        return abs(Double(actual) - exact) / Double(rounded.magnitude.ulp)
    }

    @Test("values within the error that is promised", arguments: KernelLevel.available, Function.all)
    func accuracy(level: KernelLevel, function: Function) {
        // Every magnitude down to the smallest, and the interesting range densely.
        var values = Self.special + stride(from: Float(-110), through: 110, by: 0.0037)
        values += (0..<20_000).map { Float($0) * 1e-4 - 1 }
        values += (0..<4_000).flatMap { step -> [Float] in
            let x = Float(bitPattern: UInt32(step) << 19 | 0x2_5A5A)
            return [x, -x]
        }
        let results = Self.apply(level, function.operation, values)
        var worst = (0.0, Float(0))
        for (x, y) in zip(values, results) {
            let distance = Self.ulps(y, function.exact(Double(x)))
            worst = distance > worst.0 ? (distance, x) : worst
        }
        #expect(worst.0 <= function.ulps, "\(function) of \(worst.1) is \(worst.0) ulp off")
    }

    @Test("hard swish", arguments: KernelLevel.available)
    func hardSwish(level: KernelLevel) {
        let values = [Float](stride(from: -8, through: 8, by: 0.01)) + [.nan, 1e30, -1e30]
        let results = Self.apply(level, PICKET_UNARY_HARD_SWISH, values)
        expectClose(
            results,
            values.map { activated(Double($0), PICKET_ACTIVATION_HARD_SWISH, 0, 0) },
            tolerance: 2e-6,
            "x"
        )
        #expect(results[0] == 0)
    }

    @Test("clip with bounds the wrong way round gives the upper", arguments: KernelLevel.available)
    func crossedClip(level: KernelLevel) {
        let x = GuardedFloats([-5, 0, 5, .nan])
        level.table.unary(PICKET_UNARY_CLIP, 4, x.base, x.base, 1, -1)
        expectSameBits(x.values, [-1, -1, -1, .nan], "clip")
    }

    @Test("an element's bits do not depend on its place; in place is the same", arguments: KernelLevel.available)
    func placement(level: KernelLevel) {
        let values = Random.floats(100, seed: 5).map { $0 * 20 }
        for operation in Function.all.map(\.operation) + [PICKET_UNARY_HARD_SWISH] {
            let expected = values.map { Self.apply(level, operation, [$0])[0] }
            for count in Self.counts {
                expectSameBits(
                    Self.apply(level, operation, Array(values.prefix(count))),
                    Array(expected.prefix(count)),
                    "operation \(operation.rawValue), \(count) elements"
                )
            }
            let inPlace = GuardedFloats(values)
            level.table.unary(operation, 100, inPlace.base, inPlace.base, -0.3, 0.7)
            expectSameBits(inPlace.values, expected, "operation \(operation.rawValue) in place")
        }
    }

    /// Floats enough for an operand with this row stride and step.
    private static func operand(_ rows: Int, _ count: Int, _ layout: (Int, Int), seed: UInt64) -> [Float] {
        let last = (rows - 1) * layout.0 + max(0, count - 1) * layout.1
        return Random.floats(last + 1, seed: seed)
    }

    @Test("two operands, with all ways to broadcast", arguments: KernelLevel.available, counts)
    func binary(level: KernelLevel, count: Int) {
        let functions: [(picket_binary, (Float, Float) -> Float)] = [
            (PICKET_BINARY_ADD, { $0 + $1 }), (PICKET_BINARY_SUBTRACT, { $0 - $1 }),
            (PICKET_BINARY_MULTIPLY, { $0 * $1 }), (PICKET_BINARY_DIVIDE, { $0 / $1 }),
        ]
        let rows = 3
        // Row stride and step of an operand: rows, one row for all, a value per row, one value.
        let layouts = [(count + 2, 1), (0, 1), (1, 0), (0, 0)]
        for (operation, function) in functions {
            for left in layouts {
                for right in layouts {
                    var a = Self.operand(rows, count, left, seed: 1)
                    a[a.count / 2] = .infinity
                    var b = Self.operand(rows, count, right, seed: 2)
                    b[b.count / 2] = 0
                    let (x, y) = (GuardedFloats(a), GuardedFloats(b))
                    let z = GuardedFloats([Float](repeating: 7, count: rows * (count + 1)))
                    level.table.binary(
                        operation,
                        rows,
                        count,
                        x.base,
                        left.0,
                        left.1,
                        y.base,
                        right.0,
                        right.1,
                        z.base,
                        count + 1
                    )
                    z.expectIntact()
                    var expected: [Float] = []
                    for row in 0..<rows {
                        for i in 0..<count {
                            expected.append(function(a[row * left.0 + i * left.1], b[row * right.0 + i * right.1]))
                        }
                        expected.append(7)
                    }
                    expectSameBits(z.values, expected, "operation \(operation.rawValue) of \(left) and \(right)")
                }
            }
        }
    }

    @Test("affine maps rows by their own factor and term", arguments: KernelLevel.available, counts)
    func affine(level: KernelLevel, count: Int) {
        let (scale, shift) = (Random.floats(4, seed: 3), Random.floats(4, seed: 4))
        let values = Random.floats(4 * count, seed: 5)
        let (x, y) = (GuardedFloats(values), GuardedFloats(output: 4 * count))
        level.table.affine(4, count, x.base, scale, shift, y.base)
        y.expectIntact()
        let expected = values.indices.map { level.multiplyAdd(values[$0], scale[$0 / count], shift[$0 / count]) }
        expectSameBits(y.values, expected, "affine")
        level.table.affine(4, count, x.base, scale, shift, x.base)
        expectSameBits(x.values, expected, "affine in place")
    }
}
