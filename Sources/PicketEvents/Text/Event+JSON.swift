extension Event {
    /// The event as one JSON object, without a line break within or behind it.
    public var json: [UInt8] {
        let event = bounded()
        var text = JSONText()
        text.object { text in
            text.member("event", event.kind.rawValue)
            text.member("timestamp", event.timestamp.text)
            text.member("schema", Self.schema)
            text.member("model", event.model)
            text.member("request", event.request)
            text.member("row", event.row)
            if let peer = event.peer {
                text.member("peer") { peer.write(to: &$0) }
            }
            text.member("input_sha256", event.inputSHA256)
            if let prediction = event.prediction {
                text.member("prediction") { prediction.write(to: &$0) }
            } else if event.kind == .flagged {
                // A flagged event has every field of the contract, so that readers need not guess.
                text.null("prediction")
            }
            text.member("score", event.score)
            text.member("threshold", event.threshold)
            text.member("p_value", event.pValue)
            if !event.detectors.isEmpty {
                text.member("detectors") { event.writeDetectors(to: &$0) }
            }
            text.member("action", event.action?.rawValue)
            if event.record == nil, event.kind == .flagged { text.null("record") }
            text.member("record", event.record)
            text.member("key_id", event.keyID)
            text.member("detector", event.detector)
            text.member("count", event.count)
            text.member("reason", event.reason)
            if !event.details.isEmpty {
                text.member("details") { event.writeDetails(to: &$0) }
            }
        }
        return text.bytes
    }

    func writeDetectors(to text: inout JSONText) {
        text.array(detectors) { text, evidence in
            text.object { text in
                text.member("name", evidence.name)
                text.member("score", evidence.score)
                text.member("p_value", evidence.pValue)
                text.member("components") { $0.members(evidence.components) }
                if !evidence.facts.isEmpty { text.member("facts") { $0.members(evidence.facts) } }
            }
        }
    }

    func writeDetails(to text: inout JSONText) {
        text.object { text in
            for (name, value) in details.sorted(by: { $0.key < $1.key }) {
                text.member(name, value)
            }
        }
    }
}

extension JSONText {
    fileprivate mutating func members(_ components: [DetectorEvidence.Component]) {
        object { text in
            for component in components { text.member(component.name, component.value) }
        }
    }
}

extension Peer {
    fileprivate func write(to text: inout JSONText) {
        text.object { text in
            text.member("pid", Int(pid))
            text.member("uid", Int(uid))
            text.member("gid", Int(gid))
        }
    }
}

extension Prediction {
    fileprivate func write(to text: inout JSONText) {
        text.object { text in
            text.member("label", label)
            text.member("confidence", confidence)
        }
    }
}
