import PicketTransforms
import Synchronization
import Testing

@Suite struct JPEGTests {
    static let shape = PictureShape(channels: 3, height: 19, width: 30)

    /// The codec is taken out of a pool by whoever comes; what it did before must not show.
    @Test func manyThreadsGetTheSamePicture() async throws {
        let picture = testPicture(JPEGTests.shape, seed: 1)
        let alone = try (1...100).map { try PictureOperation.jpeg(quality: $0).applied(to: picture, JPEGTests.shape) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in 0..<8 {
                group.addTask {
                    for step in 0..<100 {
                        let quality = 1 + (step * 37 + start * 13) % 100
                        let result = try PictureOperation.jpeg(quality: quality).applied(to: picture, JPEGTests.shape)
                        #expect(result == alone[quality - 1])
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// libturbojpeg makes of a grey picture in colour what our kernel makes of it in grey: luminance is the pixels' own, and
    /// of the chroma nothing is left.
    @Test(arguments: [(28, 28), (8, 8), (1, 1), (3, 50), (50, 3), (33, 47)])
    func greyIsWhatTheLibraryMakesOfIt(_ height: Int, _ width: Int) throws {
        let grey = PictureShape(channels: 1, height: height, width: width)
        let colour = PictureShape(channels: 3, height: height, width: width)
        for quality in 1...100 {
            for picture in JPEGTests.hardPictures(grey, seed: UInt64(quality)) {
                let ours = try PictureOperation.jpeg(quality: quality).applied(to: picture, grey)
                let theirs = try PictureOperation.jpeg(quality: quality).applied(
                    to: picture + picture + picture,
                    colour
                )
                #expect(ours + ours + ours == theirs, "quality \(quality)")
            }
        }
    }

    /// What is smooth, what is noise, and what swings as far as it can at every frequency.
    static func hardPictures(_ shape: PictureShape, seed: UInt64) -> [[Float]] {
        let noise = testPicture(shape, seed: seed)
        let places = (0..<shape.elementCount).map { (row: $0 / shape.width, column: $0 % shape.width) }
        return [
            noise,
            noise.map { $0 < 0.5 ? 0 : 1 },
            places.map { Float(($0.row + $0.column) % 2) },
            places.map { Float((7 * $0.column + 3 * $0.row + Int(seed)) % 256) / 255 },
            places.map { Float(($0.column / 4 + $0.row / 4) % 2) * 1.4 - 0.2 },
        ]
    }

    @Test(arguments: [1, 3]) func flatPicturesSurvive(_ channels: Int) throws {
        let shape = PictureShape(channels: channels, height: 13, width: 7)
        for level in [0, 51, 128, 255] {
            let flat = [Float](repeating: Float(level) / 255, count: shape.elementCount)
            #expect(try PictureOperation.jpeg(quality: 100).applied(to: flat, shape) == flat)
        }
    }

    @Test func whatLiesOutsideIsHeldToTheEdge() throws {
        let shape = PictureShape(channels: 1, height: 8, width: 8)
        let result = try PictureOperation.jpeg(quality: 100).applied(to: [Float](repeating: 7, count: 64), shape)
        #expect(result == [Float](repeating: 1, count: 64))
    }

    @Test func twoChannelsAreNoJPEG() {
        let shape = PictureShape(channels: 2, height: 8, width: 8)
        #expect(throws: TransformFault("JPEG holds 1 or 3 channels, the picture is 2 × 8 × 8")) {
            try PictureOperation.jpeg(quality: 50).applied(to: testPicture(shape, seed: 1), shape)
        }
    }
}
