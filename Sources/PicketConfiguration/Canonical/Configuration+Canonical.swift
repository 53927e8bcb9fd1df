// The text whose digest binds a calibration to what it vouches for: everything in a configuration that changes scores,
// and nothing else. Model files and detectors' states are bound by digests of their own; mode, drift level and what follows
// from a verdict change no score; promise and method stand in the calibration as themselves, so that a mismatch can say
// what was asked and what was found.

extension Configuration {
    /// The canonical text of a chain: its model's input and output and its detectors, in order. Nil for a chain whose
    /// model is not of this configuration.
    public func canonicalText(of chain: Chain) -> String? {
        guard let model = model(named: chain.model) else { return nil }
        let detectors = chain.detectors.map(\.canonicalText).joined(separator: ",")
        return "{\"detectors\":[\(detectors)],\"model\":\(model.canonicalText),\"schema\":1}"
    }
}

extension Model {
    /// What is said of a model that changes what it answers, its file apart. A chain that runs other models than its
    /// own (an ensemble's members) is bound to the text of each.
    public var canonicalText: String {
        canonicalText(input: input, output: output)
    }

    /// The same for an input and output that a member has from the model beside which it runs.
    public func canonicalText(input: ModelInput?, output: ModelOutput?) -> String {
        // Left out where it changes nothing.
        let precision = precision == .float32 ? "" : ",\"precision\":\(CanonicalJSON.string(precision.rawValue))"
        return "{\"input\":\(input?.canonicalText ?? "null"),\"output\":\(output?.canonicalText ?? "null")\(precision)}"
    }
}

extension Detector {
    fileprivate var canonicalText: String {
        let name = CanonicalJSON.string(name)
        // Left out where it changes nothing.
        let weight = weight == 1 ? "" : ",\"weight\":\(weight)"
        return "{\"config\":\(configuration),\"name\":\(name),\"plugin\":\(CanonicalJSON.string(plugin))\(weight)}"
    }
}

extension ModelInput {
    fileprivate var canonicalText: String {
        switch self {
        case .tensor: "{\"kind\":\"tensor\"}"
        case .image(let image): image.canonicalText
        }
    }
}

extension ImageInput {
    fileprivate var canonicalText: String {
        let members = [
            "\"grid\":\(CanonicalJSON.string(grid.rawValue))",
            "\"kind\":\"image\"",
            "\"layout\":\(CanonicalJSON.string(layout.rawValue))",
            "\"mean\":\(CanonicalJSON.array(mean))",
            "\"range\":\(CanonicalJSON.array([range.lowerBound, range.upperBound]))",
            "\"sent\":\(CanonicalJSON.string(sent.rawValue))",
            "\"std\":\(CanonicalJSON.array(standardDeviation))",
        ]
        return "{" + members.joined(separator: ",") + "}"
    }
}

extension ModelOutput {
    fileprivate var canonicalText: String {
        "{\"kind\":\(CanonicalJSON.string(kind.rawValue))}"
    }
}
