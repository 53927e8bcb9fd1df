extension Event {
    /// The event as fields of the systemd journal (systemd.journal-fields(7)), in a fixed order: those that the journal
    /// knows, then the event's own, each with the prefix `PICKET_`. What is a list in JSON is JSON here too.
    public var journalFields: [(name: String, value: String)] {
        let event = bounded()
        var fields: [(name: String, value: String)] = [
            ("MESSAGE", event.message),
            ("MESSAGE_ID", kind.messageID),
            ("PRIORITY", String(kind.priority)),
            ("SYSLOG_IDENTIFIER", "picketd"),
            ("PICKET_EVENT", kind.rawValue),
            ("PICKET_SCHEMA", String(Self.schema)),
            ("PICKET_TIMESTAMP", timestamp.text),
        ]
        func add(_ name: String, _ value: String?) {
            if let value {
                fields.append((name: "PICKET_" + name, value: value))
            }
        }
        add("MODEL", event.model)
        add("REQUEST", event.request)
        add("ROW", event.row.map(String.init))
        add("PEER_PID", event.peer.map { String($0.pid) })
        add("PEER_UID", event.peer.map { String($0.uid) })
        add("PEER_GID", event.peer.map { String($0.gid) })
        add("INPUT_SHA256", event.inputSHA256)
        add("PREDICTION_LABEL", event.prediction.map { String($0.label) })
        add("PREDICTION_CONFIDENCE", event.prediction.map { $0.confidence.description })
        add("SCORE", event.score?.description)
        add("THRESHOLD", event.threshold?.description)
        add("P_VALUE", event.pValue?.description)
        add("DETECTORS", event.detectors.isEmpty ? nil : Self.text { event.writeDetectors(to: &$0) })
        add("ACTION", event.action?.rawValue)
        add("RECORD", event.record)
        add("KEY_ID", event.keyID)
        add("DETECTOR", event.detector)
        add("COUNT", event.count.map(String.init))
        add("REASON", event.reason)
        add("DETAILS", event.details.isEmpty ? nil : Self.text { event.writeDetails(to: &$0) })
        return fields
    }

    private static func text(_ body: (inout JSONText) -> Void) -> String {
        var text = JSONText()
        body(&text)
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
