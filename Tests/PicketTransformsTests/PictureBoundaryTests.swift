import PicketTransforms
import Testing

/// Shapes and parameters at and beyond the edge of sense: a picture comes out, or a fault does.
@Suite struct PictureBoundaryTests {
    static let operations: [PictureOperation] = [
        .quantise(bits: 16), .median(side: 2), .median(side: 3), .median(side: 15),
        .nonLocalMeans(search: 13, window: 3, strength: 4), .nonLocalMeans(search: 31, window: 11, strength: 255),
        .gaussianBlur(sigma: 0.3), .gaussianBlur(sigma: 64), .gaussianNoise(sigma: 0.5, seed: 1, clamped: true),
        .totalVariation(weight: 0.1, iterations: 20),
        .maskedTotalVariation(weight: 0.03, iterations: 20, dropProbability: 0.5, seed: 1), .wavelet(sigma: nil),
        .wavelet(sigma: 1), .pixelDeflection(count: 100, window: 1000, seed: 2), .shift(right: 1 << 20, down: -1 << 20),
        .rotate(degrees: 45), .rotate(degrees: -271), .scale(factor: 1.0 / 16), .scale(factor: 16), .flipHorizontal,
        .cropResize(top: 0, left: 0, height: 1, width: 1), .sequence([]),
        .sequence([.flipHorizontal, .median(side: 3), .quantise(bits: 3)]),
    ]

    @Test(arguments: operations, [(1, 1, 1), (3, 1, 1), (1, 1, 61), (3, 47, 1), (2, 2, 3), (5, 7, 16), (1, 3, 3000)])
    func pictures(_ operation: PictureOperation, _ extents: (Int, Int, Int)) throws {
        let shape = PictureShape(channels: extents.0, height: extents.1, width: extents.2)
        let result = try operation.applied(to: testPicture(shape, seed: 4), shape)
        #expect(result.allSatisfy { (0...1).contains($0) })
    }

    @Test(arguments: operations) func largePictures(_ operation: PictureOperation) throws {
        if case .nonLocalMeans(31, _, _) = operation { return }
        if case .median(15) = operation { return }
        let shape = PictureShape(channels: 3, height: 512, width: 512)
        let result = try operation.applied(to: testPicture(shape, seed: 4), shape)
        #expect(result.allSatisfy { (0...1).contains($0) })
    }

    @Test(arguments: operations) func numbersThatAreNoPixels(_ operation: PictureOperation) throws {
        let shape = PictureShape(channels: 1, height: 9, width: 10)
        for stranger in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1, .leastNonzeroMagnitude] {
            var picture = testPicture(shape, seed: 4)
            for place in [0, 37, 89] { picture[place] = stranger }
            _ = try operation.applied(to: picture, shape)
        }
    }

    static let faults: [PictureOperation] = [
        .quantise(bits: 0), .quantise(bits: 64), .median(side: 1), .median(side: 16), .median(side: .max),
        .nonLocalMeans(search: 12, window: 3, strength: 4), .nonLocalMeans(search: 13, window: 2, strength: 4),
        .nonLocalMeans(search: 33, window: 3, strength: 4), .nonLocalMeans(search: 13, window: 3, strength: -1),
        .nonLocalMeans(search: 13, window: 3, strength: .nan), .gaussianBlur(sigma: 0), .gaussianBlur(sigma: .infinity),
        .gaussianNoise(sigma: -0.1, seed: 0, clamped: false), .gaussianNoise(sigma: .nan, seed: 0, clamped: true),
        .totalVariation(weight: 0, iterations: 5), .totalVariation(weight: 0.1, iterations: 0),
        .maskedTotalVariation(weight: 0.1, iterations: 5, dropProbability: 1, seed: 0), .wavelet(sigma: -1),
        .pixelDeflection(count: -1, window: 1, seed: 0), .pixelDeflection(count: 1, window: -1, seed: 0),
        .jpeg(quality: 0), .shift(right: .min, down: 0), .shift(right: 0, down: .max), .rotate(degrees: .nan),
        .scale(factor: 0), .scale(factor: -1), .cropResize(top: 1, left: 0, height: 4, width: 5),
        .cropResize(top: 0, left: 0, height: 5, width: 5), .cropResize(top: 0, left: .max, height: 1, width: 1),
        .cropResize(top: -1, left: 0, height: 1, width: 1), .resizePad(reduction: -1, top: 0, left: 0),
        .resizePad(reduction: .max, top: 0, left: 0), .sequence([.flipHorizontal, .median(side: 0)]),
    ]

    @Test(arguments: faults) func parametersOutOfRangeAreFaults(_ operation: PictureOperation) {
        let shape = PictureShape(channels: 1, height: 4, width: 5)
        #expect(throws: TransformFault.self) { try operation.applied(to: testPicture(shape, seed: 1), shape) }
        #expect(throws: TransformFault.self) { try operation.check(shape) }
    }

    @Test func aSequenceIsOneAfterTheOther() throws {
        let shape = PictureShape(channels: 2, height: 9, width: 11)
        let picture = testPicture(shape, seed: 8)
        let steps: [PictureOperation] = [
            .rotate(degrees: 9), .median(side: 3), .gaussianBlur(sigma: 1), .flipHorizontal,
        ]
        var expected = picture
        for count in steps.indices {
            expected = try steps[count].applied(to: expected, shape)
            let sequence = PictureOperation.sequence(Array(steps[...count]))
            #expect(try sequence.applied(to: picture, shape) == expected)
        }
        #expect(try PictureOperation.sequence([]).applied(to: picture, shape) == picture)
    }

    @Test func noiseIsNormal() throws {
        let shape = PictureShape(channels: 1, height: 500, width: 500)
        let grey = [Float](repeating: 0.5, count: shape.elementCount)
        let noise = try PictureOperation.gaussianNoise(sigma: 1, seed: 9, clamped: false).applied(to: grey, shape)
        let numbers = noise.map { Double($0) - 0.5 }
        let count = Double(numbers.count)
        let mean = numbers.reduce(0, +) / count
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        // Five standard errors.
        #expect(abs(mean) < 5 / count.squareRoot())
        #expect(abs(variance - 1) < 5 * (2 / count).squareRoot())
        for (bound, share) in [(1.0, 0.682_689), (2.0, 0.954_500), (3.0, 0.997_300)] {
            let inside = Double(numbers.count { abs($0) < bound }) / count
            #expect(abs(inside - share) < 5 * (share * (1 - share) / count).squareRoot())
        }
        let other = try PictureOperation.gaussianNoise(sigma: 1, seed: 10, clamped: false).applied(to: grey, shape)
        let together = zip(numbers, other).reduce(0) { $0 + $1.0 * (Double($1.1) - 0.5) } / count
        #expect(abs(together) < 5 / count.squareRoot())
    }
}
