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

    /// Gaussians with numbers drawn from ranges.
    private struct Mixture {
        let dimension: Int
        let constants: [Float]
        let means: [Float]
        let whitenings: [Float]

        init(_ dimension: Int, _ size: Int, means: ClosedRange<Float>, whitenings: ClosedRange<Float>) {
            self.dimension = dimension
            constants = numbers(size, in: -9...0, seed: 4)
            self.means = numbers(size * dimension, in: means, seed: 5)
            self.whitenings = numbers(size * dimension * (dimension + 1) / 2, in: whitenings, seed: 6)
        }

        func with(_ body: (UnsafePointer<picket_mixture>) -> Void) {
            constants.withUnsafeBufferPointer { constants in
                means.withUnsafeBufferPointer { means in
                    whitenings.withUnsafeBufferPointer { whitenings in
                        guard let constants = constants.baseAddress, let means = means.baseAddress,
                            let whitenings = whitenings.baseAddress
                        else { return }
                        var foreign = picket_mixture(
                            dimension: dimension,
                            size: self.constants.count,
                            constants: constants,
                            means: means,
                            whitenings: whitenings
                        )
                        body(&foreign)
                    }
                }
            }
        }
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
        let mixture = Mixture(dimension, size, means: 0...4, whitenings: -0.3...0.6)
        func run(_ level: UInt32) throws -> (densities: [Float], likelihoods: [Float]) {
            var densities = [Float](repeating: .nan, count: 16 * size)
            var likelihoods = [Float](repeating: .nan, count: 16)
            let table = try LaneKernelTests.table(level)
            mixture.with { table.mixture_densities($0, points, &densities, &likelihoods) }
            return (densities, likelihoods)
        }
        let found = try run(level)
        let portable = try run(PICKET_ISA_PORTABLE.rawValue)
        #expect(found.densities == portable.densities)
        #expect(found.likelihoods == portable.likelihoods)
        let table = try LaneKernelTests.table(level)
        let offsets = (0..<dimension).map { 16 * $0 }
        var likelihoods = [Float](repeating: .nan, count: 16)
        mixture.with { table.mixture_likelihoods($0, points, offsets, 16, &likelihoods) }
        #expect(likelihoods == found.likelihoods)
        for point in 0..<16 {
            let densities = (0..<size).map { gaussian in
                var place = gaussian * packed
                var density = Double(mixture.constants[gaussian])
                for row in 0..<dimension {
                    var sum = 0.0
                    for column in 0...row {
                        let centred = points[16 * column + point] - mixture.means[gaussian * dimension + column]
                        sum += Double(mixture.whitenings[place]) * Double(centred)
                        place += 1
                    }
                    density -= sum * sum / 2
                }
                return density
            }
            let peak = densities.max() ?? 0
            let expected = -(peak + log(densities.reduce(0) { $0 + exp($1 - peak) }))
            #expect(abs(Double(found.likelihoods[point]) - expected) < 2e-5 * max(1, abs(expected)))
            for (gaussian, density) in densities.enumerated() {
                let own = Double(found.densities[16 * gaussian + point])
                #expect(abs(own - density) < 2e-5 * max(1, abs(density)))
            }
        }
    }

    /// A point's likelihood is the same wherever it stands among others, and whatever is beside it: runs of equal points and far
    /// ones, by which Gaussians are left out.
    @Test(arguments: levels, [(9, 16), (9, 1), (4, 3), (27, 5)])
    func points(_ level: UInt32, _ sizes: (dimension: Int, size: Int)) throws {
        let (dimension, size) = sizes
        let mixture = Mixture(dimension, size, means: 0...255, whitenings: -0.1...0.2)
        let count = 150
        let stride = 160
        var points = LaneKernelTests.numbers(stride * dimension, in: 0...255, seed: 7)
        for index in 0..<dimension {
            for point in 40..<90 { points[index * stride + point] = 17 }
        }
        var found = [Float](repeating: .nan, count: stride)
        let offsets = (0..<dimension).map { $0 * stride }
        let table = try LaneKernelTests.table(level)
        mixture.with { table.mixture_likelihoods($0, points, offsets, count, &found) }
        var densities = [Float](repeating: 0, count: 16 * size)
        var alone = [Float](repeating: 0, count: 16)
        for point in 0..<count {
            let sixteen = (0..<dimension).flatMap { index in
                [Float](repeating: points[index * stride + point], count: 16)
            }
            mixture.with { table.mixture_densities($0, sixteen, &densities, &alone) }
            #expect(found[point] == alone[0], "point \(point)")
        }
    }
}
