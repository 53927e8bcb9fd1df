/// What a daemon said of samples.
struct Classification: Sendable {
    /// One sample's answer; its JSON is a contract, to which keys may be added. What the daemon does not disclose is null.
    struct Row: Sendable, Encodable {
        var verdict: String?
        var score: Double?
        var label: Int?
        var confidence: Double?
        var record: String?

        enum CodingKeys: String, CodingKey {
            case verdict, score, label, confidence, record
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            // Written out where nil: readers find every key.
            try container.encode(verdict, forKey: .verdict)
            try container.encode(score, forKey: .score)
            try container.encode(label, forKey: .label)
            try container.encode(confidence, forKey: .confidence)
            try container.encode(record, forKey: .record)
        }
    }

    var rows: [Row] = []
    /// From sending each request to its answer.
    var latencies: [Duration] = []

    static let flagged = "flag"
    static let passed = "pass"
}

/// The JSON of `classify`.
struct ClassificationReport: Encodable {
    var model: String
    var rows: [Classification.Row]
}

/// A line a file, and one for all.
struct ClassificationSummary {
    private let answers: [(file: String, Classification)]

    init(_ answers: [(file: String, Classification)]) {
        self.answers = answers
    }

    var text: String {
        var table = TextTable(["set", "sent", "passed", "flagged", "flagged share", "p50 ms", "p99 ms"])
        for (file, classification) in answers {
            let base = file.split(separator: "/").last.map(String.init) ?? file
            table.add(cells(base, classification))
        }
        var all = Classification()
        for (_, classification) in answers {
            all.rows += classification.rows
            all.latencies += classification.latencies
        }
        if answers.count > 1 { table.add(cells("all", all)) }
        return table.printed()
    }

    private func cells(_ name: String, _ classification: Classification) -> [String] {
        let flagged = classification.rows.count { $0.verdict == Classification.flagged }
        let passed = classification.rows.count - flagged
        let times = classification.latencies.sorted()
        let share = classification.rows.isEmpty ? nil : Double(flagged) / Double(classification.rows.count)
        return [
            name, "\(classification.rows.count)", "\(passed)", "\(flagged)", percent(share),
            decimal(quantile(times, 50), digits: 2), decimal(quantile(times, 99), digits: 2),
        ]
    }

    private func quantile(_ sorted: [Duration], _ percent: Int) -> Double? {
        guard !sorted.isEmpty else { return nil }
        return sorted[min(sorted.count * percent / 100, sorted.count - 1)] / .milliseconds(1)
    }
}
