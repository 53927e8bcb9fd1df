import PicketEvaluation

/// An evaluation as people read it.
struct EvaluationText {
    private let report: EvaluationReport

    init(_ report: EvaluationReport) {
        self.report = report
    }

    private var heads: [String] {
        ["set", "rows", "successful", "chain", "marginal", "robust", "AUC"]
            + report.detectors.flatMap { [$0.name, "AUC"] }
    }

    private var rows: [[String]] {
        let clean =
            [
                "clean", "\(report.clean.n)", "–", percent(report.clean.fpr), percent(report.clean.marginal.fpr), "–",
                "–",
            ] + report.detectors.flatMap { [percent($0.clean.fpr), "–"] }
        return [clean]
            + report.sets.enumerated().map { index, set in
                [
                    SetNames.short(set.file), "\(set.n)", "\(set.successful)", percent(set.detectionRate),
                    percent(set.marginal.detectionRate), percent(set.robustAccuracy), decimal(set.auc),
                ]
                    + report.detectors.flatMap {
                        [percent($0.sets[index].detectionRate), decimal($0.sets[index].auc)]
                    }
            }
    }

    private var sentences: [String] {
        let promise = report.promise
        var sentences = [
            "\(report.model): promised at most \(percent(report.falsePositiveRate)) of clean \(promise.ratePer)s flagged "
                + "(\(promise.guarantee), confidence \(report.confidence), rank \(promise.rank) of \(promise.n); marginal "
                + "rank \(promise.marginalRank)), measured \(percent(report.clean.fpr))"
                + "\(interval(report.clean.fprInterval)) (\(report.clean.flagged) of \(report.clean.n)); accuracy on clean "
                + "rows \(percent(report.clean.accuracy)), kept \(percent(report.clean.accuracyKept)); "
                + "\(report.passesPerRequest) passes a request"
        ]
        if report.clean.fprRight != nil || report.clean.fprWrong != nil {
            sentences.append(
                "of rightly classified clean rows \(percent(report.clean.fprRight)) are flagged, of wrongly classified "
                    + "ones \(percent(report.clean.fprWrong))"
            )
        }
        if let worst = report.worstSet, let mean = report.mean {
            sentences.append(
                "detection of successful examples over \(mean.sets) sets: mean \(percent(mean.detectionRate)) (marginal "
                    + "\(percent(mean.marginalDetectionRate))), worst \(SetNames.short(worst.file)) "
                    + "\(percent(worst.detectionRate))\(interval(worst.detectionInterval))"
            )
        }
        if let union = report.union {
            sentences.append(
                "\(union.pictures) pictures under \(union.fewestAttacks) to \(union.mostAttacks) attacks each: "
                    + "\(union.lost) lost to one at least, \(percent(union.robustAccuracy)) kept"
                    + "\(interval(union.robustAccuracyInterval)), by the model alone \(percent(union.modelAccuracy))"
            )
        }
        if let corruptions = report.corruptions {
            let kinds = corruptions.kinds.map { "\($0.name) \($0.strength) \(percent($0.fpr))" }
            sentences.append(
                "flagged of \(corruptions.n) clean rows after a benign corruption: " + kinds.joined(separator: ", ")
            )
        }
        if let keys = report.keys {
            sentences.append(
                "over \(keys.n) keys: clean \(percent(keys.cleanFPR.mean)), at worst \(percent(keys.cleanFPR.worst)); mean "
                    + "detection \(percent(keys.mean?.mean)), at worst \(percent(keys.mean?.worst))"
            )
        }
        return sentences
    }

    private func interval(_ interval: RateInterval?) -> String {
        interval.map { " [\(percent($0.lower)), \(percent($0.upper))]" } ?? ""
    }

    var plain: String {
        var table = TextTable(heads)
        for row in rows { table.add(row) }
        return (sentences + [table.printed()]).joined(separator: "\n\n")
    }

    var markdown: String {
        let paragraphs = sentences.map(MarkdownTable.escaped) + [MarkdownTable(heads: heads, rows: rows).text]
        return paragraphs.joined(separator: "\n\n") + "\n"
    }
}
