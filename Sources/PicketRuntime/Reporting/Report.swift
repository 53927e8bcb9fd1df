import PicketDetection
import PicketEvents

/// What is known of one request when its answer leaves: enough for every event that follows from it.
struct Report: Sendable {
    // Of the request only what is told: its tensors must not outlive it in a queue.
    let model: String
    let id: String
    let peer: Peer
    let rows: [RowEvaluation]
    let decision: Decision

    /// The chain's detectors, in its order.
    let detectors: [DetectorFacts]

    /// - Parameter id: the sender's name for the request, or the one that it was given.
    init(
        _ request: InferenceRequest,
        id: String,
        rows: [RowEvaluation],
        detectors: [DetectorFacts],
        decision: Decision
    ) {
        model = request.model
        self.id = id
        self.detectors = detectors
        peer = request.peer
        self.rows = rows
        self.decision = decision
    }

    /// The events of this request; none where nothing was flagged and nothing failed.
    func events(keyID: String) -> [Event] {
        // Without a calibration nothing is judged, and detectors that learn from one have learnt nothing: the log has said
        // so at start, once, and does not say it of every row.
        if decision.judgements.isEmpty { return [] }
        var events: [Event] = []
        for (row, judgement) in decision.judgements.enumerated() where judgement.verdict == .flag {
            events.append(flagged(row, judgement, keyID: keyID))
        }
        events += failures(keyID: keyID)
        if decision.action == .reject || decision.action == .refuse {
            var event = event(.rejected, keyID: keyID)
            event.action = .reject
            event.count = decision.flagged.count { $0 }
            event.reason = decision.action == .reject ? "flagged rows" : "a detector failed"
            events.append(event)
        }
        return events
    }

    private func flagged(_ row: Int, _ judgement: Judgement, keyID: String) -> Event {
        var event = event(.flagged, keyID: keyID)
        let evaluated = rows[row]
        event.row = row
        event.inputSHA256 = evaluated.inputDigest
        event.prediction = evaluated.prediction.map {
            PicketEvents.Prediction(label: $0.label, confidence: Double($0.confidence))
        }
        event.score = judgement.score
        event.threshold = judgement.threshold
        event.pValue = judgement.pValue
        event.detectors = judgement.detectors.map { detector in
            DetectorEvidence(
                name: detector.name,
                score: detector.score,
                pValue: detector.pValue,
                components: detector.components.map { DetectorEvidence.Component(name: $0.name, value: $0.value) },
                facts: facts(ofDetector: detector.name, evaluated)
            )
        }
        switch decision.action {
        case .allow: event.action = .allow
        case .withhold: event.action = .withhold
        case .reject, .refuse: event.action = .reject
        }
        return event
    }

    /// What the detector reported of the row; what it has nothing to say of is left out.
    private func facts(ofDetector name: String, _ row: RowEvaluation) -> [DetectorEvidence.Component] {
        guard let index = detectors.firstIndex(where: { $0.name == name }), index < row.facts.count else { return [] }
        return zip(detectors[index].facts, row.facts[index]).compactMap { name, value in
            value.isNaN ? nil : DetectorEvidence.Component(name: name, value: value)
        }
    }

    /// One event a detector, however many rows it failed on.
    private func failures(keyID: String) -> [Event] {
        var found: [String: (reason: String, rows: Int)] = [:]
        for row in rows {
            for (detector, outcome) in zip(detectors, row.outcomes) {
                if case .failed(let reason) = outcome { found[detector.name, default: (reason, 0)].rows += 1 }
            }
        }
        return found.sorted { $0.key < $1.key }.map { detector, failure in
            var event = event(.detectorFailed, keyID: keyID)
            event.detector = detector
            event.reason = failure.reason
            event.count = failure.rows
            return event
        }
    }

    private func event(_ kind: EventKind, keyID: String) -> Event {
        var event = Event(kind)
        event.model = model
        event.request = id
        event.peer = PicketEvents.Peer(pid: peer.pid, uid: peer.uid, gid: peer.gid)
        event.keyID = keyID
        return event
    }
}
