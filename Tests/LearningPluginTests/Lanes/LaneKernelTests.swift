import CPicketKernels
import Foundation
import Testing

/// The kernels of sixteen lanes: against sums in float64, and the same bits on every level that this CPU has.
@Suite struct LaneKernelTests {
    static let levels: [UInt32] = (0..<UInt32(PICKET_ISA_LEVEL_COUNT)).filter { level in
        picket_isa_available(picket_isa_level(level))
    }

    private static func numbers(_ count: Int, in range: ClosedRange<Float>, seed: UInt64) -> [Float] {
        var random = StateMutationTests.Random(state: seed)
        return (0..<count).map { _ in Float.random(in: range, using: &random) }
    }

    private static func table(_ level: UInt32) throws -> picket_lanes_table {
        try #require(picket_lanes(picket_isa_level(level))).pointee
    }

    @Test(arguments: levels, [1, 2, 3, 7]) func rows(_ level: UInt32, _ width: Int) throws {
        let count = 16 * width
        let rows = LaneKernelTests.numbers(count * count, in: -2...2, seed: 1)
        let vector = LaneKernelTests.numbers(count, in: -2...2, seed: 2)
        let table = try LaneKernelTests.table(level)
        let portable = try LaneKernelTests.table(PICKET_ISA_PORTABLE.rawValue)
        typealias Kernel =
            @convention(c) (
                UnsafePointer<Float>, Int, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>
            ) -> Void
        func run(_ kernel: Kernel) -> [Float] {
            var results = [Float](repeating: .nan, count: count)
            kernel(rows, count, width, vector, &results)
            return results
        }
        let distances = run(table.squared_distances)
        let products = run(table.products)
        let triangle = run(table.triangle_products)
        #expect(distances == run(portable.squared_distances))
        #expect(products == run(portable.products))
        #expect(triangle == run(portable.triangle_products))
        for row in 0..<count {
            let pairs = (0..<count).map { (Double(rows[row * count + $0]), Double(vector[$0])) }
            let distance = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let product = pairs.reduce(0) { $0 + $1.0 * $1.1 }
            let part = pairs[..<(16 * (row / 16 + 1))].reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(Double(distances[row]) - distance) < 1e-5 * distance)
            #expect(abs(Double(products[row]) - product) < 1e-4)
            #expect(abs(Double(triangle[row]) - part) < 1e-4)
        }
    }

    @Test(arguments: levels, [(1, 1), (9, 16), (27, 5), (64, 3)])
    func mixtures(_ level: UInt32, _ sizes: (dimension: Int, size: Int)) throws {
        let (dimension, size) = sizes
        let packed = dimension * (dimension + 1) / 2
        let points = LaneKernelTests.numbers(16 * dimension, in: 0...4, seed: 3)
        let constants = LaneKernelTests.numbers(size, in: -9...0, seed: 4)
        let means = LaneKernelTests.numbers(size * dimension, in: 0...4, seed: 5)
        let whitenings = LaneKernelTests.numbers(size * packed, in: -0.3...0.6, seed: 6)
        func run(_ level: UInt32) throws -> (densities: [Float], likelihoods: [Float]) {
            var densities = [Float](repeating: .nan, count: 16 * size)
            var likelihoods = [Float](repeating: .nan, count: 16)
            try LaneKernelTests.table(level).mixture(
                points,
                dimension,
                size,
                constants,
                means,
                whitenings,
                &densities,
                &likelihoods
            )
            return (densities, likelihoods)
        }
        let found = try run(level)
        let portable = try run(PICKET_ISA_PORTABLE.rawValue)
        #expect(found.densities == portable.densities)
        #expect(found.likelihoods == portable.likelihoods)
        for point in 0..<16 {
            let densities = (0..<size).map { gaussian in
                var place = gaussian * packed
                var density = Double(constants[gaussian])
                for row in 0..<dimension {
                    var sum = 0.0
                    for column in 0...row {
                        let centred = points[16 * column + point] - means[gaussian * dimension + column]
                        sum += Double(whitenings[place]) * Double(centred)
                        place += 1
                    }
                    density -= sum * sum / 2
                }
                return density
            }
            let peak = densities.max() ?? 0
            let expected = -(peak + log(densities.reduce(0) { $0 + exp($1 - peak) }))
            #expect(abs(Double(found.likelihoods[point]) - expected) < 2e-5 * max(1, abs(expected)))
        }
    }
}
