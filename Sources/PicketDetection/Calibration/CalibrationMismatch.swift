/// What of a calibration does not belong to the chain at hand.
public enum CalibrationMismatch: Sendable, Hashable, CustomStringConvertible {
    /// The calibration is another model's.
    case model(recorded: String, current: String)
    /// A part of the chain has another digest than at calibration.
    case digest(part: String, recorded: String, current: String, remark: String?)
    /// The chain has a part that the calibration lacks.
    case added(part: String)
    /// The calibration has a part that the chain lacks.
    case removed(part: String)
    /// The parts are the same in another order.
    case order
    /// The configuration asks another promise than the calibration was made for.
    case promise(recorded: Promise, asked: Promise)
    /// The configuration asks for another way to one score.
    case method(recorded: JointMethod, asked: JointMethod)
    /// A field of the file does not go with its other fields: it was edited, or damaged.
    case content(field: String, found: String, expected: String)

    public var description: String {
        switch self {
        case .model(let recorded, let current):
            "the calibration is for model \(recorded.quoted), not for \(current.quoted)"
        case .digest(let part, let recorded, let current, let remark):
            "\(part) differs: calibrated with SHA-256 \(recorded), now \(current)" + (remark.map { " (\($0))" } ?? "")
        case .added(let part): "\(part) is new since the calibration"
        case .removed(let part): "\(part) was part of the chain at calibration and is gone"
        case .order: "the detectors stand in another order than at calibration"
        case .promise(let recorded, let asked):
            "the calibration promises a false-positive rate of \(recorded.terms); the configuration asks \(asked.terms)"
        case .method(let recorded, let asked):
            "the calibration joined components by \(recorded.rawValue), the configuration asks \(asked.rawValue)"
        case .content(let field, let found, let expected):
            "the calibration's \(field) is \(found), where the rest of it has \(expected)"
        }
    }
}

extension CalibrationFile {
    /// Everything that keeps this calibration from vouching for a chain; empty where it does.
    public func mismatches(
        with chain: Chain,
        promise asked: Promise,
        method askedMethod: JointMethod = .twoLevel
    ) -> [CalibrationMismatch] {
        var found: [CalibrationMismatch] = []
        if model != chain.subject.model {
            found.append(.model(recorded: model, current: chain.subject.model))
        }
        let current = chain.digest.parts
        for part in current {
            guard let recorded = chainParts.first(where: { $0.name == part.name }) else {
                found.append(.added(part: part.name))
                continue
            }
            guard recorded.digest != part.digest else { continue }
            found.append(
                .digest(
                    part: part.name,
                    recorded: recorded.digest,
                    current: part.digest,
                    remark: remark(on: part.name, detectors: chain.detectors)
                )
            )
        }
        for part in chainParts where !current.contains(where: { $0.name == part.name }) {
            found.append(.removed(part: part.name))
        }
        if found.isEmpty, chainDigest != chain.digest.hex || !isFor(chain.detectors) { found.append(.order) }
        found += contradictions(with: chain)
        if promise != asked { found.append(.promise(recorded: promise, asked: asked)) }
        if method != askedMethod { found.append(.method(recorded: method, asked: askedMethod)) }
        found += classContradictions(with: chain)
        return found
    }

    /// What the file says twice, and differently.
    private func contradictions(with chain: Chain) -> [CalibrationMismatch] {
        var found: [CalibrationMismatch] = []
        if golden.shape != chain.subject.rowShape.dimensions {
            found.append(
                .content(
                    field: "golden.shape",
                    found: "\(golden.shape)",
                    expected: "rows of \(chain.subject.rowShape)"
                )
            )
        }
        let digests = Dictionary(chainParts.map { ($0.name, $0.digest) }) { first, _ in first }
        let named = models.map { "model \($0.name)" }
        let expected = chainParts.map(\.name).filter { $0.hasPrefix("model ") }
        if named != expected || models.contains(where: { digests["model \($0.name)"] != $0.sha256 }) {
            found.append(
                .content(
                    field: "models",
                    found: named.joined(separator: ", "),
                    expected: expected.joined(separator: ", ")
                )
            )
        }
        return found
    }

    /// A threshold for every class that the model may predict, and for no other.
    private func classContradictions(with chain: Chain) -> [CalibrationMismatch] {
        let found = strata.compactMap(\.label)
        guard promise.isClassConditional, found != Array(0..<chain.subject.classCount) else { return [] }
        return [
            .content(
                field: "strata",
                found: "\(found.count) classes",
                expected: "one for each of \(chain.subject.classCount)"
            )
        ]
    }

    private func isFor(_ detectors: [DetectorFacts]) -> Bool {
        self.detectors.elementsEqual(detectors) { $0.name == $1.name && $0.components == $1.components }
    }

    /// What a detector's digest can't say by itself.
    private func remark(on part: String, detectors: [DetectorFacts]) -> String? {
        guard let detector = detectors.first(where: { "detector \($0.name)" == part }),
            let origin = origins.first(where: { $0.detector == detector.name })
        else { return nil }
        if origin.plugin != detector.plugin { return "plugin was \(origin.plugin), is \(detector.plugin)" }
        if origin.version != detector.version { return "version was \(origin.version), is \(detector.version)" }
        let family = joint.families.first { $0.detector == detector.name }
        if family?.components != detector.components { return "its components are others" }
        return "its configuration is another"
    }
}

extension Promise {
    fileprivate var terms: String {
        "\(rate) per \(unit.rawValue)\(isClassConditional ? " in every predicted class" : "") with confidence \(confidence)"
    }
}
