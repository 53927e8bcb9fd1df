extension Event {
    /// Most bytes of a text that a sender or a plugin chose, before it is cut.
    static let textLimit = 256
    /// Most bytes of a reason.
    static let reasonLimit = 1024
    /// Most detectors, and most details, of one event.
    static let listLimit = 64
    /// Most components, and most facts, of one detector.
    static let componentLimit = 256

    /// The event with every text and list cut to its limit, so that a queue of events has a size.
    ///
    /// Cheap where nothing is to be cut.
    func bounded() -> Event {
        var event = self
        event.model = model.map { Self.cut($0) }
        event.request = request.map { Self.cut($0) }
        event.inputSHA256 = inputSHA256.map { Self.cut($0) }
        event.record = record.map { Self.cut($0) }
        event.keyID = keyID.map { Self.cut($0) }
        event.detector = detector.map { Self.cut($0) }
        event.reason = reason.map { Self.cut($0, limit: Self.reasonLimit) }
        if detectors.contains(where: \.exceedsLimits) || detectors.count > Self.listLimit {
            event.detectors = detectors.prefix(Self.listLimit).map(\.bounded)
        }
        if !details.isEmpty {
            let kept = details.sorted { $0.key < $1.key }.prefix(Self.listLimit)
            event.details = Dictionary(
                kept.map { (Self.cut($0.key), Self.cut($0.value, limit: Self.reasonLimit)) },
                uniquingKeysWith: { first, _ in first }
            )
        }
        return event
    }

    /// `text`, or its beginning and an ellipsis, in at most `limit` bytes.
    static func cut(_ text: String, limit: Int = Self.textLimit) -> String {
        guard text.utf8.count > limit else { return text }
        let ellipsis = "…"
        var result = ""
        var count = ellipsis.utf8.count
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            if count > limit { break }
            result.unicodeScalars.append(scalar)
        }
        return result + ellipsis
    }
}

extension DetectorEvidence {
    fileprivate var exceedsLimits: Bool {
        name.utf8.count > Event.textLimit
            || [components, facts].contains { list in
                list.count > Event.componentLimit || list.contains { $0.name.utf8.count > Event.textLimit }
            }
    }

    fileprivate var bounded: DetectorEvidence {
        var evidence = self
        evidence.name = Event.cut(name)
        evidence.components = DetectorEvidence.bounded(components)
        evidence.facts = DetectorEvidence.bounded(facts)
        return evidence
    }

    private static func bounded(_ list: [Component]) -> [Component] {
        list.prefix(Event.componentLimit).map { Component(name: Event.cut($0.name), value: $0.value) }
    }
}
