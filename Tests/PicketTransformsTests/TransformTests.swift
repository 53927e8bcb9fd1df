import PicketTransforms
import Testing

@Suite struct TransformTests {
    static let shape = PictureShape(channels: 1, height: 20, width: 30)

    /// Draws whose uniform numbers are these.
    private func bits(_ numbers: Double...) -> () -> UInt64 {
        var left = numbers[...]
        return { UInt64((left.popFirst() ?? .nan) * 0x1p53) << 11 }
    }

    @Test func drawsAreWhatTheGuideDefines() throws {
        let resized = try Transform.resizePad(4).operation(for: Self.shape, bits: bits(0, 0.999_999, 0.5))
        #expect(resized == .resizePad(reduction: 1, top: 1, left: 1))
        #expect(
            try Transform.resizePad(4).operation(for: Self.shape, bits: bits(0.75, 0, 0.999_999))
                == .resizePad(reduction: 4, top: 0, left: 4)
        )
        #expect(try Transform.randomRotate(10).operation(for: Self.shape, bits: bits(0.25)) == .rotate(degrees: -5))
        let choice = Transform.choice([.median(2), .randomRotate(10), .jpeg(5)])
        #expect(try choice.operation(for: Self.shape, bits: bits(0.34, 0.75)) == .rotate(degrees: 5))
        #expect(try choice.operation(for: Self.shape, bits: bits(0.99)) == .jpeg(quality: 5))
    }

    @Test(arguments: [Transform.randomRotate(5), .resizePad(2), .choice([.median(2), .median(3)])])
    func drawsNeedNumbers(_ transform: Transform) {
        #expect(transform.isDrawn)
        #expect(throws: TransformFault("\(transform.key) is drawn, and no random numbers came with it")) {
            try transform.operation(for: Self.shape, bits: nil)
        }
    }

    @Test func aDrawnTransformNamedAgainIsAnotherDraw() throws {
        let variants = try PictureVariant.list([.resizePad(2), .jpeg(75), .resizePad(2), .resizePad(3)])
        #expect(variants.map(\.key) == ["resize-pad:2#0", "jpeg:75", "resize-pad:2#1", "resize-pad:3#0"])
        #expect(variants.map(\.label) == ["resize-pad:2", "jpeg:75", "resize-pad:2:draw-1", "resize-pad:3"])
        #expect(throws: TransformFault("found jpeg:75 twice, expected it once")) {
            try PictureVariant.list([.jpeg(75), .jpeg(75)])
        }
    }
}
