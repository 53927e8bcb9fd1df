import PicketTransforms
import Testing

@Suite struct PictureOperationTests {
    static let shapes = [
        PictureShape(channels: 1, height: 1, width: 1), PictureShape(channels: 1, height: 28, width: 28),
        PictureShape(channels: 3, height: 5, width: 33), PictureShape(channels: 2, height: 40, width: 3),
        PictureShape(channels: 4, height: 17, width: 16),
    ]

    @Test(arguments: shapes, 2...15) func medianIsTheMiddleOfTheSortedWindow(_ shape: PictureShape, _ side: Int) throws
    {
        let picture = ReferencePicture(shape: shape, pixels: testPicture(shape, seed: UInt64(side)))
        let expected = picture.map { channel, y, x in
            var window: [Float] = []
            for row in 0..<side {
                for column in 0..<side { window.append(picture[channel, y - side / 2 + row, x - side / 2 + column]) }
            }
            return window.sorted()[side * side / 2]
        }
        #expect(try PictureOperation.median(side: side).applied(to: picture.pixels, shape) == expected)
    }

    @Test(arguments: shapes, [(1, 0), (0, -1), (-3, 2), (64, -64), (16, 17)])
    func shiftMovesPixels(_ shape: PictureShape, _ offset: (Int, Int)) throws {
        let picture = ReferencePicture(shape: shape, pixels: testPicture(shape, seed: 3))
        let expected = picture.map { picture[$0, $1 - offset.1, $2 - offset.0] }
        let operation = PictureOperation.shift(right: offset.0, down: offset.1)
        #expect(try operation.applied(to: picture.pixels, shape) == expected)
    }

    @Test(arguments: 1...8) func quantiseRoundsHalvesToEven(_ bits: Int) throws {
        let shape = PictureShape(channels: 1, height: 1, width: 1021)
        let picture = (0..<1021).map { Float($0) / 1020 }
        let steps = Float((1 << bits) - 1)
        let expected = picture.map { ($0 * steps).rounded(.toNearestOrEven) / steps }
        #expect(try PictureOperation.quantise(bits: bits).applied(to: picture, shape) == expected)
        #expect(
            try PictureOperation.quantise(bits: 1).applied(to: [0.5], .init(channels: 1, height: 1, width: 1)) == [0]
        )
    }

    @Test(arguments: shapes) func aFullTurnOfNothingChangesNothing(_ shape: PictureShape) throws {
        let picture = testPicture(shape, seed: 5)
        #expect(try PictureOperation.rotate(degrees: 0).applied(to: picture, shape) == picture)
        #expect(try PictureOperation.resizePad(reduction: 0, top: 0, left: 0).applied(to: picture, shape) == picture)
    }

    @Test func aQuarterTurnMovesTheUpperEdgeToTheLeft() throws {
        let shape = PictureShape(channels: 1, height: 2, width: 2)
        let turned = try PictureOperation.rotate(degrees: 90).applied(to: [0.1, 0.2, 0.3, 0.4], shape)
        for (pixel, expected) in zip(turned, [0.2, 0.4, 0.1, 0.3] as [Float]) { #expect(abs(pixel - expected) < 1e-6) }
    }

    @Test func resizedPicturesStandInBlack() throws {
        let shape = PictureShape(channels: 2, height: 6, width: 9)
        let white = [Float](repeating: 1, count: shape.elementCount)
        let result = try PictureOperation.resizePad(reduction: 3, top: 1, left: 2).applied(to: white, shape)
        let expected = ReferencePicture(shape: shape, pixels: white).map { _, y, x in
            (1..<4).contains(y) && (2..<8).contains(x) ? 1 : 0
        }
        #expect(result == expected)
        #expect(throws: TransformFault.self) {
            try PictureOperation.resizePad(reduction: 6, top: 0, left: 0).applied(to: white, shape)
        }
        #expect(throws: TransformFault.self) {
            try PictureOperation.resizePad(reduction: 1, top: 2, left: 0).applied(to: white, shape)
        }
    }

    static let operations: [PictureOperation] = [
        .quantise(bits: 3), .median(side: 2), .median(side: 5), .jpeg(quality: 10), .shift(right: 7, down: -3),
        .rotate(degrees: -33), .resizePad(reduction: 4, top: 1, left: 4),
    ]

    @Test(arguments: operations, [(1, 512, 512), (3, 512, 384), (3, 5, 512), (1, 28, 28)])
    func picturesStayPictures(_ operation: PictureOperation, _ extents: (Int, Int, Int)) throws {
        let shape = PictureShape(channels: extents.0, height: extents.1, width: extents.2)
        let result = try operation.applied(to: testPicture(shape, seed: 9), shape)
        #expect(result.allSatisfy { (0...1).contains($0) })
    }
}
