import PicketConfiguration
import PicketEvaluation
import Testing

@Suite struct TunedConfigurationTests {
    private static let text = """
        # A comment that stays.
        listen:
          - unix: a.sock
        models:
          - { name: m, file: m.onnx, input: { kind: image, layout: NCHW, range: [0, 1] }, output: { kind: logits } }
        chains:
          - model: m
            false-positive-rate: 0.02   # stays
            calibration: old.json
            detectors:
              # gone with its detector
              - plugin: feature-squeezing
                config: { squeezers: [ { median: 2 } ] }

              - plugin: ensemble-disagreement
                config:
                  members: [ x ]

        # Another comment that stays.
        plugins: { directories: [ plugins ] }
        """

    private static let detectors = [
        TuneReport.Detector(
            plugin: "transform-consistency",
            name: "first.choice",
            weight: 0.3,
            config: .object([
                "transforms": .array([.object(["jpeg": .integer(75)])]), "components": .array([.string("jpeg:75:js")]),
            ])
        )
    ]

    @Test func changesTheDetectorsAndTheCalibrationAlone() throws {
        let configuration = try Configuration.parse(Self.text)
        let tuned = try TunedConfiguration(
            Self.text,
            configuration: configuration,
            model: "m",
            detectors: Self.detectors,
            calibration: "new.json"
        )
        var expected = configuration
        let changed = try Configuration.parse(tuned.text)
        #expect(changed.chains[0].detectors.map(\.name) == ["first.choice"])
        #expect(changed.chains[0].detectors.map(\.plugin) == ["transform-consistency"])
        #expect(
            changed.chains[0].detectors[0].configuration == #"{"components":["jpeg:75:js"],"transforms":[{"jpeg":75}]}"#
        )
        #expect(changed.chains[0].detectors[0].weight == 0.3)
        #expect(changed.chains[0].calibration.written == "new.json")
        #expect(changed.chains[0].falsePositiveRate == 0.02)
        expected.chains = changed.chains
        #expect(changed.models == expected.models && changed.plugins.searchPath == expected.plugins.searchPath)
        #expect(tuned.text.contains("# A comment that stays.") && tuned.text.contains("# Another comment that stays."))
        #expect(!tuned.text.contains("gone with its detector") && !tuned.text.contains("squeezers"))
    }

    @Test func refusesWhatItCannotExchange() throws {
        let flow =
            Self.text.split(separator: "\n").prefix(9).joined(separator: "\n")
            + "\n    detectors: [ { plugin: feature-squeezing } ]\n"
        let configuration = try Configuration.parse(flow)
        #expect(throws: DataSetFault.self) {
            try TunedConfiguration(
                flow,
                configuration: configuration,
                model: "m",
                detectors: Self.detectors,
                calibration: "new.json"
            )
        }
    }

    @Test(
        arguments: [
            (#"{"a":[1,0.5,"x y",null,true],"on":{}}"#, #"{ a: [ 1, 0.5, "x y", null, true ], "on": {} }"#),
            (#"{"A b":[]}"#, #"{ "A b": [] }"#),
        ]
    )
    func settingsReadBack(text: String, flow: String) throws {
        let value = try #require(SettingsValue(text: text))
        #expect(value.text == text)
        #expect(value.flow == flow)
    }
}
