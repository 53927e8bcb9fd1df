import CPicketABI
import Testing

/// What is said to a transform that cannot be had.
@Suite struct TransformSettingsTests {
    static let refused: [(transform: String, message: String)] = [
        (#"{"nlm": 4}"#, ".nlm: found 4, expected an object"),
        (#"{"nlm": {"search": 12}}"#, ".nlm.search: found 12, expected an odd integer from 3 to 31"),
        (#"{"nlm": {"window": 13}}"#, ".nlm.window: found 13, expected an odd integer from 1 to 11"),
        (#"{"nlm": {"strength": 0}}"#, ".nlm.strength: found 0.0, expected a number from 0.1 to 100.0"),
        (#"{"nlm": {"radius": 3}}"#, ".nlm.radius: is no setting that is known here"),
        (#"{"blur": 20}"#, ".blur: found 20.0, expected a number from 0.1 to 16.0"),
        (#"{"tv": {"keep": 0.5}}"#, ".tv.weight: is missing"),
        (#"{"tv": {"weight": 1, "keep": 0}}"#, ".tv.keep: found 0.0, expected a number from 0.1 to 1.0"),
        (#"{"tv": "much"}"#, ".tv: found \"much\", expected an object"),
        (#"{"wavelet": "much"}"#, ".wavelet: found much, expected a number from 0.001 to 1.0, or estimated"),
        (#"{"wavelet": 3}"#, ".wavelet: found 3.0, expected a number from 0.001 to 1.0"),
        (#"{"noise": -1}"#, ".noise: found -1.0, expected a number from 0.001 to 1.0"),
        (#"{"deflection": {"window": 3}}"#, ".deflection.pixels: is missing"),
        (#"{"scale": 1}"#, ".scale: found 1, expected a number from 0.5 to 2, not 1"),
        (#"{"crop": 1}"#, ".crop: found 1.0, expected a number from 0.1 to 0.99"),
        (#"{"flip": "vertical"}"#, ".flip: found vertical, expected horizontal"),
        (#"{"combine": [{"median": 2}]}"#, ".combine: found 1 transforms, expected 2 to 8"),
        (
            #"{"combine": [{"median": 2}, {"combine": [{"median": 2}, {"jpeg": 9}]}]}"#,
            ".combine: found combine in combine, expected one list of transforms"
        ),
        (
            #"{"one-of": [{"median": 2}, {"one-of": [{"median": 2}, {"jpeg": 9}]}]}"#,
            ".one-of: found one-of, expected transforms that are known beforehand"
        ),
        (
            #"{"combine": [{"median": 2}, {"blur": 99}]}"#,
            ".combine[1].blur: found 99.0, expected a number from 0.1 to 16.0"
        ),
    ]

    @Test(arguments: refused) func faultsNameKeyValueAndRange(_ refused: (transform: String, message: String)) throws {
        let plugin = try PluginLibrary.linked("transform-consistency")
        #expect(throws: HostedFault(status: PICKET_INVALID, message: "transforms[0]" + refused.message)) {
            try HostedDetector(plugin, configuration: #"{"transforms": [\#(refused.transform)]}"#)
        }
    }

    /// Transforms that are well formed, and do not suit the rows.
    @Test(arguments: [
        (#"{"crop": 0.99}"#, "crop:0.99 leaves pictures of 8 pixels a side as they are, rows are 2 × 8 × 8"),
        (#"{"combine": [{"shift": 1}, {"jpeg": 5}]}"#, "jpeg:5 needs pictures of 1 or 3 channels, rows are 2 × 8 × 8"),
        (#"{"one-of": [{"shift": 1}, {"jpeg": 5}]}"#, "jpeg:5 needs pictures of 1 or 3 channels, rows are 2 × 8 × 8"),
    ])
    func shapesAreChecked(_ transform: String, _ sentence: String) throws {
        let plugin = try PluginLibrary.linked("transform-consistency")
        #expect(throws: HostedFault(status: PICKET_INVALID, message: "transforms: \(sentence)")) {
            try HostedDetector(plugin, configuration: #"{"transforms": [\#(transform)]}"#, extents: [2, 8, 8])
        }
    }

    @Test func keysBeyondTheHostsLimitAreRefused() throws {
        let many = (1...30).map { #"{"noise": 0.\#(String(repeating: "1", count: 9))\#($0)}"# }.joined(separator: ",")
        let plugin = try PluginLibrary.linked("transform-consistency")
        let fault = #expect(throws: HostedFault.self) {
            try HostedDetector(plugin, configuration: #"{"transforms": [{"one-of": [\#(many)]}]}"#)
        }
        #expect(fault?.message.hasSuffix("characters in its key, expected 256 at most") == true)
    }
}
