import PicketEvaluation
import PicketTransforms
import Testing

@Suite struct CorruptionTests {
    static let shape = PictureShape(channels: 3, height: 12, width: 16)

    static let picture: [Float] = (0..<shape.elementCount).map { index -> Float in
        let level = (index * 37 + index / 16 * 11) % 256
        return Float(level) / 255
    }

    @Test(arguments: Corruption.all.indices)
    func staysAPictureOnItsGrid(index: Int) throws {
        let corruption = Corruption.all[index]
        let result = try corruption.apply(to: Self.picture, shape: Self.shape, grid: 255, seed: 7)
        #expect(result.count == Self.picture.count && result != Self.picture)
        for pixel in result {
            #expect(pixel >= 0 && pixel <= 1)
            #expect(abs(pixel * 255 - (pixel * 255).rounded()) < 1e-3)
        }
        #expect(try corruption.apply(to: Self.picture, shape: Self.shape, grid: 255, seed: 7) == result)
    }

    @Test func onlyNoiseHangsOnTheSeed() throws {
        for corruption in Corruption.all {
            let first = try corruption.apply(to: Self.picture, shape: Self.shape, grid: 0, seed: 1)
            let second = try corruption.apply(to: Self.picture, shape: Self.shape, grid: 0, seed: 2)
            #expect((first == second) == (corruption.name != "noise"), "\(corruption.name)")
        }
    }

    @Test func brightnessAndContrastAreWhatTheySay() throws {
        let grey = [Float](repeating: 0.5, count: Self.shape.elementCount)
        let brighter = try #require(Corruption.all.first { $0.name == "brightness" && $0.strength == "+ 0.1" })
        let flat = try brighter.apply(to: grey, shape: Self.shape, grid: 0, seed: 0)
        #expect(flat.allSatisfy { abs($0 - 0.6) < 1e-6 })
        let contrast = try #require(Corruption.all.first { $0.name == "contrast" && $0.strength == "× 0.8" })
        let softer = try contrast.apply(to: Self.picture, shape: Self.shape, grid: 0, seed: 0)
        func spread(_ pixels: [Float]) -> Float { (pixels.max() ?? 0) - (pixels.min() ?? 0) }
        #expect(abs(spread(softer) / spread(Self.picture) - 0.8) < 1e-3)
    }

    @Test func jpegNeedsGreyOrColour() {
        let five = PictureShape(channels: 5, height: 4, width: 4)
        #expect(Corruption.all.contains { !$0.suits(five) } && Corruption.all.contains { $0.suits(five) })
    }

    @Test(arguments: [1, 499, 500, 501, 10_000])
    func theSampleIsSpreadOverTheSet(count: Int) {
        let sample = CorruptionMeter.sample(of: count)
        #expect(sample.count == min(count, CorruptionMeter.largestSample))
        #expect(Set(sample).count == sample.count && sample.allSatisfy { $0 < count })
        #expect(sample.last.map { Double($0) >= Double(count) * 0.99 - 1 } == true)
    }
}
