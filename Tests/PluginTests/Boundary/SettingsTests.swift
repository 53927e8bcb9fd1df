import CPicketABI
import Testing

/// What a plugin says to a configuration that it cannot use: status, key, value, and what was expected.
@Suite struct SettingsTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        let plugin: String
        let configuration: String
        let message: String
        var status = PICKET_INVALID
        var extents = [1, 28, 28]

        var testDescription: String { "\(plugin) \(configuration)" }
    }

    static let squeezing = "feature-squeezing"
    static let transforms = "transform-consistency"
    static let ensemble = "ensemble-disagreement"

    static let refused: [Refused] = [
        .init(
            plugin: squeezing,
            configuration: "{",
            message: "config: found \"{\", expected a JSON object"
        ),
        .init(
            plugin: squeezing,
            configuration: "[1]",
            message: "config: found an array of 1, expected an object of settings"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezer": []}"#,
            message: "squeezer: is no setting that is known here"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezers": {}}"#,
            message: "squeezers: found an empty object, expected an array"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezers": []}"#,
            message: "squeezers: found none, expected one squeezer or more"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezers": [{"median": 2}, {"bit-depth": 9}]}"#,
            message: "squeezers[1].bit-depth: found 9, expected an integer from 1 to 8"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezers": [{"median": 2.5}]}"#,
            message: "squeezers[0].median: found 2.5, expected an integer"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezers": [{"median": "2"}]}"#,
            message: "squeezers[0].median: found \"2\", expected an integer"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezers": [{"sharpen": 2}]}"#,
            message: "squeezers[0].sharpen: is no setting that is known here"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezers": [{}]}"#,
            message: "squeezers[0]: found no transform, expected one of bit-depth, median, nlm, jpeg, blur, "
                + "tv, wavelet, noise, unclamped-noise, deflection, shift, rotate, random-rotate, scale, resize-pad, crop, "
                + "flip, combine, one-of"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezers": [{"median": 2, "bit-depth": 1}]}"#,
            message: "squeezers[0]: found bit-depth, median, expected one of bit-depth, median, nlm, jpeg, blur, "
                + "tv, wavelet, noise, unclamped-noise, deflection, shift, rotate, random-rotate, scale, resize-pad, crop, "
                + "flip, combine, one-of"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezers": [{"shift": 1}]}"#,
            message:
                "squeezers: found shift:1,0, expected bit-depth, median, nlm, jpeg, blur, tv that keeps every pixel, "
                + "wavelet, or a combination of these"
        ),
        .init(
            plugin: squeezing,
            configuration: #"{"squeezers": [{"median": 3}, {"median": 3}]}"#,
            message: "squeezers: found median:3 twice, expected it once"
        ),
        .init(
            plugin: transforms,
            configuration: #"{"transforms": [{"shift": 0}]}"#,
            message: "transforms[0].shift: found [0, 0], expected pixels from -64 to 64, not both 0"
        ),
        .init(
            plugin: transforms,
            configuration: #"{"transforms": [{"shift": [1, 2, 3]}]}"#,
            message: "transforms[0].shift: expected whole pixels to the right, or [right, down]"
        ),
        .init(
            plugin: transforms,
            configuration: #"{"transforms": [{"rotate": 90}]}"#,
            message: "transforms[0].rotate: found 90.0, expected degrees from -45 to 45, not 0"
        ),
        .init(
            plugin: transforms,
            configuration: #"{"transforms": [{"jpeg": 75}]}"#,
            message: "transforms: jpeg:75 needs pictures of 1 or 3 channels, rows are 2 × 8 × 8",
            extents: [2, 8, 8]
        ),
        .init(
            plugin: transforms,
            configuration: #"{"transforms": [{"resize-pad": 8}]}"#,
            message: "transforms: resize-pad:8 needs pictures of more than 8 pixels a side, rows are 1 × 28 × 8",
            extents: [1, 28, 8]
        ),
        .init(
            plugin: ensemble,
            configuration: "{}",
            message: "members: is missing, expected names of models in the configuration"
        ),
        .init(
            plugin: ensemble,
            configuration: #"{"members": "b"}"#,
            message: "members: found \"b\", expected an array"
        ),
        .init(
            plugin: ensemble,
            configuration: #"{"members": ["b", "b"]}"#,
            message: "members: found b twice, expected it once"
        ),
        .init(
            plugin: ensemble,
            configuration: #"{"members": ["nobody"]}"#,
            message: "the configuration has no model nobody"
        ),
        .init(
            plugin: ensemble,
            configuration: #"{"members": ["b", "twenty"]}"#,
            message: "members[1]: found twenty with 20 classes, expected 10 as served has"
        ),
    ]

    @Test(arguments: refused) func refusesWhatItCannotUse(_ refused: Refused) throws {
        let plugin = try PluginLibrary.linked(refused.plugin)
        #expect(throws: HostedFault(status: refused.status, message: refused.message)) {
            try HostedDetector(
                plugin,
                configuration: refused.configuration,
                extents: refused.extents,
                members: ["b": 10, "twenty": 20]
            )
        }
    }

    @Test(arguments: [squeezing, transforms]) func picturesOnly(_ name: String) throws {
        let plugin = try PluginLibrary.linked(name)
        let fault = #expect(throws: HostedFault.self) {
            try HostedDetector(plugin, configuration: "", kind: PICKET_SUBJECT_TENSOR, extents: [784])
        }
        #expect(fault?.status == PICKET_UNSUPPORTED)
        #expect(fault?.message.contains("model served takes tensors (kind: image declares pictures)") == true)
    }

    @Test(arguments: ["", " \n", "null", "{}"]) func nothingIsTheDefault(_ configuration: String) throws {
        let squeezing = try PluginLibrary.linked(Self.squeezing)
        #expect(
            try HostedDetector(squeezing, configuration: configuration, extents: [1, 28, 28]).graph.components
                == ["bit-depth:1:l1", "median:2:l1", "max:l1"]
        )
        #expect(
            try HostedDetector(squeezing, configuration: configuration, extents: [3, 32, 32]).graph.components
                == ["bit-depth:5:l1", "median:2:l1", "nlm:13:3:2:l1", "max:l1"]
        )

        let transforms = try PluginLibrary.linked(Self.transforms)
        let planned = try HostedDetector(transforms, configuration: configuration, extents: [1, 28, 28]).graph.nodes
        let keys = planned.compactMap { if case .variant(_, let key, _, _) = $0 { key } else { nil } }
        #expect(
            keys == ["nlm:11,3,4", "bit-depth:4", "jpeg:90", "median:2", "shift:1,0", "resize-pad:2#0", "rotate:5"]
        )
    }

    @Test func everySettingHasItsKey() throws {
        let configuration = """
            {"transforms": [{"bit-depth": 4}, {"median": 3}, {"jpeg": 90}, {"shift": [-1, 2]}, {"rotate": -2.5},
            {"nlm": {}}, {"nlm": {"search": 13, "window": 5, "strength": 2.5}}, {"blur": 1}, {"wavelet": 0.04},
            {"tv": 0.03}, {"tv": {"weight": 0.05, "keep": 1}}, {"scale": 1.05}, {"flip": "horizontal"},
            {"combine": [{"bit-depth": 4}, {"shift": 1}]}, {"random-rotate": 7}, {"random-rotate": 7},
            {"resize-pad": 3}, {"noise": 0.02}, {"unclamped-noise": 0.25}, {"tv": {"weight": 0.03, "keep": 0.5}},
            {"deflection": {"pixels": 9}}, {"crop": 0.9}, {"combine": [{"crop": 0.9}, {"median": 2}]},
            {"one-of": [{"jpeg": 75}, {"noise": 0.02}]}, {"shift": 4}]}
            """
        let planned = try HostedDetector(
            PluginLibrary.linked(Self.transforms),
            configuration: configuration,
            extents: [3, 16, 16]
        ).graph.nodes
        let drawn = planned.compactMap { if case .variant(_, let key, _, let drawn) = $0 { (key, drawn) } else { nil } }
        #expect(
            drawn.filter { !$0.1 }.map(\.0) == [
                "bit-depth:4", "median:3", "jpeg:90", "shift:-1,2", "rotate:-2.5", "nlm:11,3,4", "nlm:13,5,2.5",
                "blur:1", "wavelet:0.04", "tv:0.03", "tv:0.05", "scale:1.05", "flip:horizontal",
                "bit-depth:4+shift:1,0", "shift:4,0",
            ]
        )
        #expect(
            drawn.filter(\.1).map(\.0) == [
                "random-rotate:7#0", "random-rotate:7#1", "resize-pad:3#0", "noise:0.02#0", "unclamped-noise:0.25#0",
                "tv:0.03,0.5#0", "deflection:9,10#0", "crop:0.9#0", "crop:0.9+median:2#0",
                "one-of(jpeg:75|noise:0.02)#0",
            ]
        )
    }
}
