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

    /// The operation behind every transform; draws are 0.25, 0.5, 0.75 as numbers, the first as a seed.
    static let operations: [(Transform, PictureOperation)] = [
        (.bitDepth(3), .quantise(bits: 3)), (.median(4), .median(side: 4)), (.jpeg(60), .jpeg(quality: 60)),
        (.nonLocalMeans(search: 13, window: 3, strength: 2.5), .nonLocalMeans(search: 13, window: 3, strength: 2.5)),
        (.blur(1.5), .gaussianBlur(sigma: 1.5)), (.wavelet(0.04), .wavelet(sigma: 0.04)),
        (.wavelet(nil), .wavelet(sigma: nil)),
        (.totalVariation(weight: 0.1, keep: 1), .totalVariation(weight: 0.1, iterations: 50)),
        (
            .totalVariation(weight: 0.1, keep: 0.75),
            .maskedTotalVariation(weight: 0.1, iterations: 50, dropProbability: 0.25, seed: 1 << 62)
        ),
        (.noise(0.02), .gaussianNoise(sigma: 0.02, seed: 1 << 62, clamped: true)),
        (.unclampedNoise(0.5), .gaussianNoise(sigma: 0.5, seed: 1 << 62, clamped: false)),
        (.deflection(pixels: 9, window: 5), .pixelDeflection(count: 9, window: 5, seed: 1 << 62)),
        (.shift(right: 1, down: -2), .shift(right: 1, down: -2)), (.rotate(-3), .rotate(degrees: -3)),
        (.scale(1.25), .scale(factor: 1.25)), (.crop(0.8), .cropResize(top: 1, left: 3, height: 16, width: 24)),
        (.flipHorizontal, .flipHorizontal),
        (
            .combination([.randomRotate(8), .median(2), .noise(0.1)]),
            .sequence([
                .rotate(degrees: -4), .median(side: 2), .gaussianNoise(sigma: 0.1, seed: 1 << 63, clamped: true),
            ])
        ),
    ]

    @Test(arguments: operations) func everyTransformIsAnOperation(
        _ transform: Transform,
        _ operation: PictureOperation
    )
        throws
    {
        let drawn = try transform.operation(for: Self.shape, bits: transform.isDrawn ? bits(0.25, 0.5, 0.75) : nil)
        #expect(drawn == operation)
        try transform.check(Self.shape)
        try drawn.check(Self.shape)
    }

    @Test func whatAnOperationRefusesIsRefusedBeforehand() {
        let channels = PictureShape(channels: 400, height: 20, width: 30)
        #expect(throws: TransformFault("nlm:11,11,4: found channels 400, expected 1...272")) {
            try Transform.nonLocalMeans(search: 11, window: 11, strength: 4).check(channels)
        }
    }

    @Test(arguments: [
        Transform.noise(0.1), .crop(0.5), .randomRotate(5), .resizePad(2), .choice([.median(2), .median(3)]),
    ])
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
