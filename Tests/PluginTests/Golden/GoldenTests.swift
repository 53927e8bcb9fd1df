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

    private func checkReport(
        of detector: HostedDetector,
        _ golden: GoldenCase,
        _ row: [Float],
        _ answer: (String, String) -> [Float]
    ) throws {
        #expect(Set(detector.graph.facts) == Set(golden.facts.map { Array($0.keys) } ?? []))
        #expect(detector.graph.isAnswering == (golden.answer != nil))
        guard let facts = golden.facts, let expected = golden.answer else { return }
        let report = try detector.report(row, classes: golden.classes, answer: answer)
        for (name, value) in report.facts { #expect(abs(value - facts[name, default: .nan]) < 1e-12, "\(name)") }
        for (value, expected) in zip(report.answer, expected) { #expect(abs(Double(value) - expected) < 1e-6) }
        #expect(report.answer.count == golden.classes)
    }

    private func check(_ golden: GoldenCase, _ plugin: UnsafePointer<picket_plugin>) throws {
        let members = ["member-b", "member-c", "b", "c", "d"].map { ($0, golden.classes) }
        let detector = try HostedDetector(
            plugin,
            configuration: golden.config.text,
            extents: golden.extents,
            classes: golden.classes,
            members: Dictionary(uniqueKeysWithValues: members),
            state: Array((golden.state ?? "").utf8)
        )
        let row = try golden.row()

        var rendered: [String: [Float]] = [:]
        if golden.answers == nil {
            rendered = try detector.render(row, draws: golden.draws.mapValues { $0.compactMap { UInt64($0) } })
            let expected = try golden.expectedVariants()
            #expect(Set(rendered.keys) == Set(expected.keys))
            for (key, picture) in rendered {
                let off = zip(picture, expected[key, default: []]).reduce(0) { max($0, abs($1.0 - $1.1)) }
                let interpolates = ["rotate", "resize", "crop", "scale", "blur", "noise"].contains { key.contains($0) }
                let allowed: Float = interpolates ? 1e-5 : 0
                #expect(off <= allowed, "\(golden.name), \(key): off by \(off)")
            }
        }

        let answer = { (model: String, key: String) -> [Float] in
            guard let answers = golden.answers else {
                let picture = key.isEmpty ? row : rendered[key, default: []]
                return FormulaModel.logProbabilities(picture, model: model, classes: golden.classes)
            }
            return answers[model.isEmpty ? key : model, default: []].map { $0.map { Float($0) } ?? -.infinity }
        }
        let components = try detector.score(row, answer: answer)
        #expect(Set(components.keys) == Set(golden.components.keys))
        for (name, value) in components {
            let expected = golden.components[name, default: .nan]
            let allowed = GoldenTests.tolerance * max(1, abs(expected))
            #expect(abs(value - expected) <= allowed, "\(golden.name), \(name): \(value), expected \(expected)")
        }
        try checkReport(of: detector, golden, row, answer)
    }
}
