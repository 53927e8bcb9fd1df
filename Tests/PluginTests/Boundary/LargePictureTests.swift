import CPicketABI
import Testing

/// The defaults on pictures as large as they come.
@Suite struct LargePictureTests {
    @Test(arguments: ["feature-squeezing", "transform-consistency"]) func colourAt512(_ name: String) throws {
        let detector = try HostedDetector(PluginLibrary.linked(name), configuration: "", extents: [3, 512, 512])
        let count = 3 * 512 * 512
        let row = (0..<count).map { index -> Float in
            let level = ((index &* 2_654_435_761) >> 7) & 255
            return Float(level) / 255
        }
        let rendered = try detector.render(row)
        #expect(rendered.count >= 3)
        for (key, picture) in rendered {
            #expect(picture.allSatisfy { (0...1).contains($0) }, "\(key)")
            #expect(picture != row, "\(key)")
        }
        let components = try detector.score(row) { _, key in
            (0..<1000).map { label -> Float in key.isEmpty ? -6.9 : -6.9 + 0.001 * Float(label % 7) }
        }
        #expect(components.values.allSatisfy { $0.isFinite })
    }
}
