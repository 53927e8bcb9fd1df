import CPicketABI
import Foundation
import PicketPluginSDK
import Testing

/// What the plugin guide shows is what is compiled here.
@Suite struct GuideTests {
    private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let guide = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Documentation/PluginGuide.md")

    @Test func theGuidesDetectorIsThisOne() throws {
        let guide = try String(contentsOf: GuideTests.guide, encoding: .utf8)
        let source = try String(contentsOf: GuideTests.here.appendingPathComponent("Mirrored.swift"), encoding: .utf8)
        #expect(guide.contains("```swift\n\(source)```"))
    }

    @Test func theGuidesDetectorWorks() throws {
        let table = PluginTable(Mirrored.self) { PluginTable.create(Mirrored.self, $0, $1, $2, $3, $4, $5) }
        let detector = try HostedDetector(table.entry, configuration: #"{"exponent": 2}"#, extents: [1, 2, 3])
        let row: [Float] = [1, 2, 3, 4, 5, 6]
        #expect(try detector.render(row) == ["mirrored/left-right": [3, 2, 1, 6, 5, 4]])
        let components = try detector.score(row) { _, key in
            [0.25, 0.75].map { Float(logarithm(key.isEmpty ? $0 : 1 - $0)) }
        }
        #expect(abs(components["distance", default: .nan] - 1) < 1e-6)
        #expect(
            throws: HostedFault(status: PICKET_INVALID, message: "exponent: found 9, expected an integer from 1 to 4")
        ) {
            try HostedDetector(table.entry, configuration: #"{"exponent": 9}"#)
        }
    }

    /// Every bare key stands in the table of transforms.
    @Test(arguments: [
        "bit-depth:B", "median:N", "nlm:S,W,H", "jpeg:Q", "blur:S", "tv:W", "tv:W,K#D", "wavelet:S", "noise:S#D",
        "unclamped-noise:S#D", "deflection:N,W#D", "shift:X,Y", "rotate:A", "random-rotate:A#D", "scale:F",
        "resize-pad:N#D", "crop:P#D", "flip:horizontal", "A+B", #"one-of(A\|B)#D"#,
    ])
    func everyBareKeyIsDefined(_ key: String) throws {
        let table = GuideTests.guide.deletingLastPathComponent()
            .appendingPathComponent("Detectors/transform-consistency.md")
        let text = try String(contentsOf: table, encoding: .utf8)
        #expect(text.contains("| `\(key)`"))
    }
}
