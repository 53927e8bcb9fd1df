import PicketConfiguration
import Testing

@Suite struct TemplateTests {
    @Test func readsBackAsWhatItWasMadeFor() throws {
        var template = ConfigurationTemplate(
            modelName: "fashion",
            modelFile: "models/fashion-cnn.onnx",
            calibration: "calibration/fashion.json"
        )
        template.layout = .nhwc
        template.range = -1...1
        template.grid = .none
        template.output = .probabilities
        template.pluginDirectories = ["/opt/a", "plugins"]
        let configuration = try Configuration.parse(template.text, file: "picket.yaml", directory: "/d")
        #expect(configuration.models.count == 1)
        #expect(configuration.models[0].name == "fashion")
        #expect(configuration.models[0].file.resolved == "/d/models/fashion-cnn.onnx")
        #expect(configuration.models[0].input == .image(ImageInput(layout: .nhwc, range: -1...1)))
        #expect(configuration.models[0].output?.kind == .probabilities)
        #expect(configuration.chains[0].mode == .monitor)
        #expect(configuration.chains[0].calibration.resolved == "/d/calibration/fashion.json")
        #expect(
            configuration.chains[0].detectors.map(\.plugin)
                == ["transform-consistency", "feature-squeezing", "input-statistics"]
        )
        #expect(
            configuration.chains[0].detectors[2].configuration == #"{"components":["excess","patches:mean"]}"#
        )
        #expect(configuration.plugins.searchPath == ["/opt/a", "/d/plugins"])
    }

    /// What the template spells out is what leaving the key out would give, so that its comments tell the truth.
    @Test func spellsOutTheDefaults() throws {
        let template = ConfigurationTemplate(modelName: "m", modelFile: "m.onnx", calibration: "c.json")
        let written = try Configuration.parse(template.text)
        let defaults = try Configuration.parse(Cases.text())
        #expect(written.events == defaults.events)
        #expect(written.limits == defaults.limits)
        #expect(written.compute == defaults.compute)
        #expect(written.randomness == defaults.randomness)
        #expect(written.logLevel == defaults.logLevel)
        #expect(written.plugins.searchPath == defaults.plugins.searchPath)
        #expect(written.chains[0].mode == defaults.chains[0].mode)
        #expect(written.chains[0].falsePositiveRate == defaults.chains[0].falsePositiveRate)
        #expect(written.chains[0].confidence == defaults.chains[0].confidence)
        #expect(written.chains[0].classConditional == defaults.chains[0].classConditional)
        #expect(written.chains[0].method == defaults.chains[0].method)
        #expect(written.chains[0].driftLevel == defaults.chains[0].driftLevel)
        #expect(written.chains[0].disclose == defaults.chains[0].disclose)
        #expect(written.chains[0].onFailure == defaults.chains[0].onFailure)
        #expect(written.chains[0].onFlag == defaults.chains[0].onFlag)
    }

    @Test(arguments: [
        "with space.onnx", "quote\".onnx", "it's # no comment.onnx", "- dash.onnx", "null", "~", "0x10", "*star",
        "&amp",
        "{ a: b }", "line\nbreak", "tab\t", "ümlaut \u{2028} \u{85} \u{7F} \u{FEFF}", "a: b", "true", "1.5",
        "\u{202E}rtl",
    ])
    func anyFileNameReadsBack(name: String) throws {
        let template = ConfigurationTemplate(
            modelName: ConfigurationTemplate.modelName(forFile: name),
            modelFile: name,
            calibration: name
        )
        let configuration = try Configuration.parse(template.text)
        #expect(configuration.models[0].file.written == name)
        #expect(configuration.chains[0].calibration.written == name)
    }

    @Test(arguments: [
        ("a/b/fashion-cnn.onnx", "fashion-cnn"), ("x y/z ü.onnx", "z--"), ("", "model"), (".onnx", "model"),
        ("m", "m"), (String(repeating: "a", count: 99), String(repeating: "a", count: 64)),
    ])
    func namesComeFromFiles(file: String, name: String) {
        #expect(ConfigurationTemplate.modelName(forFile: file) == name)
    }
}
