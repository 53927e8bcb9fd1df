import PicketTransforms
import Testing

@Suite struct TransformTests {
    @Test func drawsAreWhatTheGuideDefines() throws {
        var numbers = [0.0, 0.999_999, 0.5].makeIterator()
        let resized = try Transform.resizePad(4).operation { numbers.next() ?? .nan }
        #expect(resized == .resizePad(reduction: 1, top: 1, left: 1))
        numbers = [0.75, 0.0, 0.999_999].makeIterator()
        #expect(
            try Transform.resizePad(4).operation { numbers.next() ?? .nan } == .resizePad(reduction: 4, top: 0, left: 4)
        )
        #expect(try Transform.randomRotate(10).operation { 0.25 } == .rotate(degrees: -5))
    }

    @Test(arguments: [Transform.randomRotate(5), .resizePad(2)]) func drawsNeedNumbers(_ transform: Transform) {
        #expect(transform.isDrawn)
        #expect(throws: TransformFault("\(transform.key) is drawn, and no random numbers came with it")) {
            try transform.operation(uniform: nil)
        }
    }

    @Test func aDrawnTransformNamedAgainIsAnotherDraw() throws {
        let variants = try PictureVariant.list([.resizePad(2), .jpeg(75), .resizePad(2), .resizePad(3)])
        #expect(variants.map(\.key) == ["resize-pad:2#0", "jpeg:75", "resize-pad:2#1", "resize-pad:3#0"])
        #expect(throws: TransformFault("found jpeg:75 twice, expected it once")) {
            try PictureVariant.list([.jpeg(75), .jpeg(75)])
        }
    }
}
