extension Event {
    /// The event in a sentence for people, without control characters.
    public var message: String {
        let event = bounded()
        let subject = event.model.map { "\($0): " } ?? ""
        let sentence: String
        switch kind {
        case .flagged:
            let row = event.row.map { "row \($0) of " } ?? ""
            sentence = "\(row)\(event.requestText) flagged\(event.judgement)\(event.actionText)"
        case .rejected:
            sentence = "\(event.requestText) rejected" + (event.count.map { ", \($0) rows flagged" } ?? "")
        case .detectorFailed:
            sentence =
                "detector \(event.detector ?? "of unknown name") failed on \(event.requestText)\(event.actionText)"
        case .driftSuspected: sentence = "drift suspected after \(event.count ?? 0) rows"
        case .calibrated: sentence = "calibrated"
        case .reloaded: sentence = "configuration reloaded"
        case .started: sentence = "started"
        case .stopped: sentence = "stopped"
        case .eventsDropped: sentence = "\(event.count ?? 0) events dropped, the queue was full"
        case .peerSuppressed: sentence = "\(event.count ?? 0) events of one peer counted, not written"
        }
        let peer = event.peer.map { ", peer pid \($0.pid) uid \($0.uid)" } ?? ""
        let reason = event.reason.map { ": \($0)" } ?? ""
        return Self.printable(subject + sentence + peer + reason)
    }

    private var requestText: String {
        request.map { "request \($0)" } ?? "a request"
    }

    private var judgement: String {
        guard let score, let threshold else { return "" }
        let level = pValue.map { ", p-value \($0)" } ?? ""
        return " (score \(score), threshold \(threshold)\(level))"
    }

    private var actionText: String {
        switch action {
        case .allow: ", allowed"
        case .reject: ", rejected"
        case .withhold: ", withheld"
        case nil: ""
        }
    }

    private static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
