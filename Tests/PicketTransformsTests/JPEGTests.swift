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
