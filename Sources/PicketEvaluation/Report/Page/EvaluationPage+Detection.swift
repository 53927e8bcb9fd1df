extension EvaluationPage {
    /// Every set's detection, and what becomes of all its rows.
    var detection: Markup {
        guard !report.sets.isEmpty else { return .empty }
        let entries = zip(names, report.sets).map { name, set in
            IntervalChart.Entry(
                name: name,
                remark: "of \(set.successful)",
                value: set.detectionRate,
                interval: set.detectionInterval,
                second: set.marginal.detectionRate
            )
        }
        let chart = IntervalChart(
            entries: entries,
            marks: [(report.promise.alpha, "false-positive rate promised")],
            largest: 1,
            valueName: "deployed rank",
            secondName: "marginal rank"
        )
        return Page.section(
            "Detection of successful examples",
            [
                chart.drawing(label: "Detection rate of each adversarial set with its interval"),
                """
                <div class="legend"><span>● at the deployed rank, with its interval</span>\
                <span>○ at the marginal rank</span><span>┆ the promised false-positive rate: what guessing detects</span>\
                </div>
                """,
                "<h3>All attacked inputs</h3>",
                Page.table(
                    heads: [
                        "set", "inputs", "successful", "detected", "marginal", "AUC", "model alone right",
                        "right or flagged",
                    ],
                    rows: zip(names, report.sets).map(row) + [totals].compactMap { $0 }
                ),
                unionRemark,
            ]
        )
    }

    private func row(_ name: String, _ set: EvaluationReport.AttackSet) -> [Markup] {
        let area = set.aucInterval.map { "\(Figure.decimal($0.lower))–\(Figure.decimal($0.upper))" }
        let areaRemark: Markup = area.map { "<small>\($0)</small>" } ?? ""
        return [
            Page.cell(name), Page.cell("\(set.n)"), Page.cell("\(set.successful)"),
            Page.cell(set.detectionRate, set.detectionInterval, isHeated: true),
            Page.cell(set.marginal.detectionRate, set.marginal.detectionInterval, isHeated: true),
            "<td>\(Figure.decimal(set.auc))\(areaRemark)</td>",
            Page.cell(set.modelAccuracy),
            Page.cell(set.robustAccuracy, set.robustAccuracyInterval),
        ]
    }

    private var totals: [Markup]? {
        report.mean.map { mean in
            [
                Page.cell("mean of \(mean.sets) sets"), "<td></td>", "<td></td>",
                Page.cell(mean.detectionRate, isHeated: true), Page.cell(mean.marginalDetectionRate, isHeated: true),
                "<td></td>", "<td></td>", "<td></td>",
            ]
        }
    }

    private var unionRemark: Markup {
        guard let union = report.union else {
            return """
                <p class="note">The sets do not tell which of their pictures are the same: no union over attacks.</p>
                """
        }
        let matched =
            union.matchedBy == "x0" ? "by the clean rows behind them" : "by their place in sets of one length and truth"
        return """
            <p class="note">Union over attacks: \(union.pictures) pictures, matched \(matched) over \(union.sets) sets, \
            \(union.fewestAttacks) to \(union.mostAttacks) attacked rows each. The model by itself is fooled on \
            \(union.fooled) of the pictures; \(union.lost) are lost, since a row that it answers wrongly passed; \
            \(Figure.percent(union.robustAccuracy)) (\(Figure.interval(union.robustAccuracyInterval)) %) are kept.</p>
            """
    }
}
