import PicketEvaluation

/// What tuning found, as people read it on a terminal.
struct TuneText {
    private let report: TuneReport

    init(_ report: TuneReport) {
        self.report = report
    }

    var plain: String {
        var parts = [
            "\(report.model): \(report.pool.count) candidates, \(report.poolPasses) passes together; \(report.clean) clean "
                + "rows, \(report.sets.count) adversarial sets; false-positive rate \(percent(report.falsePositiveRate)), "
                + "joined by \(report.method)",
            frontier,
            "for \(report.budget) passes: \(report.chosen.parts.joined(separator: "; "))",
        ]
        if let verified = report.verified {
            parts.append(
                "put together and calibrated on the same rows: \(percent(verified.detection)) at the deployed rank "
                    + "(\(verified.rank) of \(verified.n)), \(percent(verified.marginalDetection)) at the marginal one; "
                    + "\(verified.rowsPerRequest) passes in \(verified.passesPerRequest) batched runs"
            )
        } else {
            parts.append("not verified as one chain: \(report.notVerified ?? "no promise")")
        }
        parts.append(report.caution)
        return parts.joined(separator: "\n\n")
    }

    /// A line a budget, with a bar for what it reaches.
    private var frontier: String {
        var table = TextTable(["budget", "passes", "detection", "left out", "worst set", "clean", ""])
        for entry in report.frontier {
            table.add([
                "\(entry.budget)", "\(entry.passes)", percent(entry.detection), percent(entry.leftOut),
                percent(entry.worstDetection), percent(entry.falsePositiveRate),
                bar(entry.detection, entry.leftOut ?? 0) + (entry.budget == report.budget ? " ◀" : "  "),
            ])
        }
        let whole = report.configured
        table.add([
            "as configured", "\(whole.passes)", percent(whole.detection), "–", percent(whole.worstDetection),
            percent(whole.falsePositiveRate), bar(whole.detection, 0) + "  ",
        ])
        return table.printed() + "\n(█ attacks left out, ▒ with the attacks seen)"
    }

    private func bar(_ seen: Double, _ leftOut: Double) -> String {
        let width = 30
        let solid = min(Int((min(leftOut, seen) * Double(width)).rounded()), width)
        let all = min(max(Int((max(leftOut, seen) * Double(width)).rounded()), solid), width)
        return String(repeating: "█", count: solid) + String(repeating: "▒", count: all - solid)
            + String(repeating: "·", count: width - all)
    }
}
