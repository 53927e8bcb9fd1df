import CPicketABI
import Testing

/// How components are chosen.
@Suite struct ComponentSettingsTests {
    private func components(_ plugin: String, _ configuration: String, members: [String: Int] = [:]) throws -> [String]
    {
        try HostedDetector(
            PluginLibrary.linked(plugin),
            configuration: configuration,
            extents: [1, 8, 8],
            members: members
        ).graph.components
    }

    @Test func byStatisticByFoldAndByName() throws {
        let transforms = #""transforms": [{"shift": [1, -2]}, {"median": 2}, {"resize-pad": 2}, {"resize-pad": 2}]"#
        #expect(
            try components("transform-consistency", "{\(transforms), \"components\": [\"max:js\", \"margin\"]}") == [
                "max:js", "shift:1:-2:margin", "median:2:margin", "resize-pad:2:margin", "resize-pad:2:draw-1:margin",
            ]
        )
        #expect(
            try components("transform-consistency", "{\(transforms), \"components\": [\"median:2:runner-up\"]}")
                == ["median:2:runner-up"]
        )
    }

    @Test func namesTooLongForAComponentGiveWayToTheirPlace() throws {
        let long = #"{"combine": [{"bit-depth": 4}, {"nlm": {}}, {"median": 2}, {"median": 3}, {"jpeg": 90}]}"#
        #expect(
            try components("feature-squeezing", #"{"squeezers": [{"median": 2}, \#(long)], "components": ["l2"]}"#)
                == ["median:2:l2", "squeezer-2:l2"]
        )
    }

    static let refused: [(plugin: String, configuration: String, message: String)] = [
        (
            "feature-squeezing", #"{"components": ["js"]}"#,
            "components: found js, expected one of l1, mean:l1, max:l1, l2, mean:l2, max:l2, kl, mean:kl, max:kl, "
                + "margin, mean:margin, max:margin, or one alone such as bit-depth:1:l1"
        ),
        (
            "feature-squeezing", #"{"components": ["l1", "median:2:l1"]}"#,
            "components: median:2:l1 chooses median:2:l1, which is chosen already"
        ),
        ("feature-squeezing", #"{"components": []}"#, "components: found none, expected one component or more"),
        ("transform-consistency", #"{"components": []}"#, "components: found none, expected one component or more"),
        (
            "transform-consistency", #"{"draw": 0}"#,
            "transforms: draw: found 0, expected 1 at least, and fewer than the 7 there are"
        ),
        (
            "transform-consistency", #"{"draw": 7}"#,
            "transforms: draw: found 7, expected 1 at least, and fewer than the 7 there are"
        ),
        (
            "transform-consistency",
            #"{"draw": 1, "transforms": [{"one-of": [{"median": 2}, {"jpeg": 9}]}, {"median": 2}]}"#,
            "transforms: found one-of beside draw, expected one of the two"
        ),
        (
            "transform-consistency", #"{"draw": 2, "transforms": [{"median": 2}, {"jpeg": 9}, {"median": 2}]}"#,
            "transforms: found median:2 twice, expected it once"
        ),
        (
            "ensemble-disagreement", #"{"members": ["b"], "components": ["input:cross"]}"#,
            "components: found input:cross, expected one of js, mean:js, max:js, vote, mean:vote, max:vote, "
                + "variation-ratio, mean:variation-ratio, max:variation-ratio, margin, mean:margin, max:margin, "
                + "mean-margin, mean:mean-margin, max:mean-margin, pairs, mean:pairs, max:pairs, margins, mean:margins, "
                + "max:margins, pooled:js, reference, or one alone such as input:js"
        ),
        (
            "ensemble-disagreement", #"{"members": ["b"], "temperatures": "hot"}"#,
            "temperatures: found hot, expected fitted or one"
        ),
        (
            "ensemble-disagreement", #"{"members": ["b"], "squeezers": [{"median": 99}]}"#,
            "squeezers[0].median: found 99, expected an integer from 2 to 15"
        ),
        ("noise-stability", #"{"deviation": 0}"#, "deviation: found 0.0, expected a number from 0.001 to 4"),
        ("noise-stability", #"{"samples": 1}"#, "samples: found 1, expected an integer from 2 to 320"),
        (
            "noise-stability", #"{"components": ["vote"]}"#,
            "components: found vote, expected one of votes, label, abstention, margin, worst, drop, spread"
        ),
        ("noise-stability", #"{"components": ["votes", "votes"]}"#, "components: found votes twice, expected it once"),
        (
            "noise-stability", #"{"samples": 9, "certify": {}}"#,
            "samples: found beside certify, expected selection and estimation there"
        ),
        (
            "noise-stability", #"{"certify": {"alpha": 0}}"#,
            "certify.alpha: found 0.0, expected a number from 1e-09 to 0.5"
        ),
        (
            "noise-stability", #"{"certify": {"selection": 200, "estimation": 200}}"#,
            "certify.estimation: found 200 and 200 copies, expected 320 at most together"
        ),
        (
            "noise-stability", #"{"certify": {"estimation": 0}}"#,
            "certify.estimation: found 0, expected an integer from 1 to 320"
        ),
        ("noise-stability", #"{"certify": {"n": 100}}"#, "certify.n: is no setting that is known here"),
    ]

    @Test(arguments: refused) func faultsSayWhatThereIs(
        _ refused: (plugin: String, configuration: String, message: String)
    ) throws {
        #expect(throws: HostedFault(status: PICKET_INVALID, message: String(refused.message.prefix(511)))) {
            try components(refused.plugin, refused.configuration, members: ["b": 10])
        }
    }

    @Test func anEnsemblePlansWhatItsComponentsNeed() throws {
        let configuration = """
            {"members": ["b", "Model_C"], "squeezers": [{"median": 2}, {"jpeg": 90}],
            "components": ["median:2:margin:b", "max:cross", "input:js:served:model-c"]}
            """
        let detector = try HostedDetector(
            PluginLibrary.linked("ensemble-disagreement"),
            configuration: configuration,
            extents: [1, 8, 8],
            members: ["b": 10, "Model_C": 10]
        )
        let runs = detector.graph.nodes.compactMap { node -> String? in
            guard case .run(let source, let model) = node else { return nil }
            guard case .variant(_, let key, _, _) = detector.graph.nodes[source] else { return "\(model)@input" }
            return "\(model)@\(key)"
        }
        #expect(
            runs == [
                "@input", "Model_C@input", "b@median:2", "Model_C@median:2", "b@jpeg:90", "Model_C@jpeg:90",
            ]
        )
        #expect(detector.graph.components == ["median:2:margin:b", "max:cross", "input:js:served:model-c"])
    }

    /// Every name must pass the host's rule for components.
    @Test func everyNameIsAComponents() throws {
        let configurations = [
            (
                "ensemble-disagreement",
                """
                {"members": ["b", "a-very-long-name-of-a-model", "B"],
                "squeezers": [{"nlm": {}}, {"shift": -1}, {"combine": [{"bit-depth": 4}, {"nlm": {}}]}],
                "components": ["js", "pairs", "margins", "mean:pairs", "max:margins", "cross", "pooled:js"]}
                """
            ),
            (
                "transform-consistency",
                #"{"transforms": [{"combine": [{"shift": -1}, {"noise": 0.001}]}, {"tv": 0.001}], "components": ["runner-up"]}"#
            ),
        ]
        for (plugin, configuration) in configurations {
            let names = try components(
                plugin,
                configuration,
                members: ["b": 10, "B": 10, "a-very-long-name-of-a-model": 10]
            )
            #expect(Set(names).count == names.count)
            for name in names {
                #expect(
                    name.utf8.count <= 64 && name.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-.:".contains($0) }
                )
            }
        }
    }
}
