extension Chain {
    private static let keys = [
        "model", "mode", "false-positive-rate", "rate-per", "confidence", "class-conditional", "method", "drift-level",
        "on-flag", "on-failure", "disclose", "calibration", "detectors",
    ]

    init?(_ field: Field, directory: String) {
        guard let section = Section(field, keys: Self.keys) else { return nil }
        let model = section.required("model", "the name of a served model")?.name()
        let calibration = section.required("calibration", "the path of the calibration file")?
            .path(relativeTo: directory)
        let detectors = section.required("detectors", "a list of detectors").flatMap(Self.detectors)
        let mode = section["mode"].map { $0.keyword(Mode.self) } ?? .monitor
        let rate = section["false-positive-rate"].map {
            $0.number("a number from 0.000001 to 0.5") { (1e-6...0.5).contains($0) }
        }
        let confidence = section["confidence"].map {
            $0.number("a number from 0 to 0.999999") { (0...0.999999).contains($0) }
        }
        let ratePer = section["rate-per"].map { $0.keyword(RatePer.self) } ?? .row
        let classConditional = section["class-conditional"].map { $0.boolean() }
        let method = section["method"].map { $0.keyword(Method.self) }
        let driftLevel = section["drift-level"].map(Self.driftLevel)
        let onFlag = section["on-flag"].map { $0.keyword(OnFlag.self) } ?? .rejectRequest
        let onFailure = section["on-failure"].map { $0.keyword(FailurePolicy.self) } ?? .closed
        let disclose = section["disclose"].map { $0.keyword(Disclosure.self) }
        guard let model, let calibration, let detectors, let mode, let ratePer, let onFlag, let onFailure else {
            return nil
        }
        self.init(model: model, calibration: calibration, detectors: detectors, location: field.location)
        self.mode = mode
        self.falsePositiveRate = (rate ?? falsePositiveRate) ?? falsePositiveRate
        self.confidence = (confidence ?? self.confidence) ?? self.confidence
        self.ratePer = ratePer
        self.classConditional = (classConditional ?? nil) ?? self.classConditional
        self.method = (method ?? nil) ?? self.method
        self.driftLevel = driftLevel ?? self.driftLevel
        self.onFlag = onFlag
        self.onFailure = onFailure
        self.disclose = (disclose ?? nil) ?? (mode == .enforce ? .verdict : .none)
    }

    /// Nil for `off`, and after logging a fault.
    private static func driftLevel(_ field: Field) -> Double? {
        if case .scalar("off", _) = field.node.content { return nil }
        return field.number("a probability from 0.000001 to 0.1, or off") { (1e-6...0.1).contains($0) }
    }

    private static func detectors(_ field: Field) -> [Detector]? {
        guard let fields = field.elements("a list of detectors") else { return nil }
        guard (1...64).contains(fields.count) else {
            field.refuse("1 to 64 detectors")
            return nil
        }
        let detectors = fields.compactMap(Detector.init)
        guard detectors.count == fields.count else { return nil }
        var seen: Set<String> = []
        for (detector, field) in zip(detectors, fields) where !seen.insert(detector.name).inserted {
            field.faults.add(
                field.location,
                value: detector.name,
                expected: "a detector name used once in its chain: set name"
            )
        }
        return detectors
    }
}

extension Detector {
    init?(_ field: Field) {
        guard let section = Section(field, keys: ["plugin", "name", "weight", "config"]) else { return nil }
        let plugin = section.required("plugin", "the name of a plugin")?.pluginName()
        let name = section["name"].map { $0.name() }
        let weight = section["weight"].map {
            $0.number("a number from 0.001 to 1000") { (0.001...1000).contains($0) }
        }
        let settings = section["config"]
        let configuration = settings.map(Self.canonicalSettings) ?? "{}"
        guard let plugin, let configuration else { return nil }
        self.init(
            plugin: plugin,
            name: (name ?? nil) ?? plugin,
            configuration: configuration,
            weight: (weight ?? 1) ?? 1,
            location: field.location,
            configurationLocation: settings?.location ?? field.location
        )
    }

    private static func canonicalSettings(_ field: Field) -> String? {
        guard case .mapping = field.node.content else {
            field.refuse("a mapping")
            return nil
        }
        return CanonicalJSON.text(of: field)
    }
}
