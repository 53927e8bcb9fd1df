import PicketEvaluation

/// An evaluation as people read it.
struct EvaluationText {
    private let report: EvaluationReport

    init(_ report: EvaluationReport) {
        self.report = report
    }

    private var heads: [String] {
        ["set", "rows", "successful", "chain", "AUC"] + report.detectors.flatMap { [$0.name, "AUC"] }
    }

    private var rows: [[String]] {
        let clean =
            ["clean", "\(report.clean.n)", "–", percent(report.clean.fpr), "–"]
            + report.detectors.flatMap { [percent($0.clean.fpr), "–"] }
        return [clean]
            + report.sets.enumerated().map { index, set in
                [name(set.file), "\(set.n)", "\(set.successful)", percent(set.detectionRate), decimal(set.auc)]
                    + report.detectors.flatMap {
                        [percent($0.sets[index].detectionRate), decimal($0.sets[index].auc)]
                    }
            }
    }

    private var summary: String {
        "\(report.model): promised at most \(percent(report.falsePositiveRate)) of clean rows flagged (confidence "
            + "\(report.confidence)), measured \(percent(report.clean.fpr)) (\(report.clean.flagged) of \(report.clean.n)); "
            + "accuracy on clean rows \(percent(report.clean.accuracy)), kept \(percent(report.clean.accuracyKept)); "
            + "\(report.passesPerRequest) passes a request"
    }

    var plain: String {
        var table = TextTable(heads)
        for row in rows { table.add(row) }
        return summary + "\n\n" + table.printed()
    }

    var markdown: String {
        let lines = [heads, heads.map { _ in "---" }] + rows
        return summary + "\n\n" + lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n") + "\n"
    }

    private func name(_ file: String) -> String {
        let base = file.split(separator: "/").last.map(String.init) ?? file
        return base.hasSuffix(".npz") ? String(base.dropLast(4)) : base
    }
}
