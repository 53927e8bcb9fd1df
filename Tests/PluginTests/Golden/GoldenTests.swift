import CPicketABI
import Testing

/// Components and variants against numpy, scipy and Pillow, through each plugin's C table.
@Suite struct GoldenTests {
    /// What components may differ by; the answers of models cross as float32.
    static let tolerance = 1e-5

    @Test(arguments: GoldenCase.all) func linkedPluginsAgree(_ golden: GoldenCase) throws {
        try check(golden, PluginLibrary.linked(golden.plugin))
    }

    @Test(arguments: GoldenCase.all) func sharedLibrariesAgree(_ golden: GoldenCase) throws {
        try check(golden, PluginLibrary.loaded(golden.plugin))
    }

    private func check(_ golden: GoldenCase, _ plugin: UnsafePointer<picket_plugin>) throws {
        let members = ["member-b", "member-c", "b", "c", "d"].map { ($0, golden.classes) }
        let detector = try HostedDetector(
            plugin,
            configuration: golden.config.text,
            extents: golden.extents,
            classes: golden.classes,
            members: Dictionary(uniqueKeysWithValues: members)
        )
        let row = try golden.row()

        let rendered = try detector.render(row, draws: golden.draws.mapValues { $0.compactMap { UInt64($0) } })
        if golden.answers == nil {
            let expected = try golden.expectedVariants()
            #expect(Set(rendered.keys) == Set(expected.keys))
            for (key, picture) in rendered {
                let off = zip(picture, expected[key, default: []]).reduce(0) { max($0, abs($1.0 - $1.1)) }
                let allowed: Float =
                    key.hasPrefix("rotate") || key.hasPrefix("random") || key.hasPrefix("resize") ? 1e-5 : 0
                #expect(off <= allowed, "\(golden.name), \(key): off by \(off)")
            }
        }

        let components = try detector.score(row) { model, key in
            guard let answers = golden.answers else {
                let picture = key.isEmpty ? row : rendered[key, default: []]
                return FormulaModel.logProbabilities(picture, model: model, classes: golden.classes)
            }
            let answer = answers[model.isEmpty ? key : model, default: []]
            return answer.map { $0.map { Float($0) } ?? -.infinity }
        }
        #expect(Set(components.keys) == Set(golden.components.keys))
        for (name, value) in components {
            let expected = golden.components[name, default: .nan]
            let allowed = GoldenTests.tolerance * max(1, abs(expected))
            #expect(abs(value - expected) <= allowed, "\(golden.name), \(name): \(value), expected \(expected)")
        }
    }
}
