extension EvaluationPage {
    /// Each detector by itself beside the chain, and what it costs.
    var detectors: Markup {
        let heads = ["set", "chain"] + report.detectors.map(\.name)
        let clean =
            [Page.cell("clean rows flagged"), Page.cell(report.clean.fpr, report.clean.fprInterval)]
            + report.detectors.map { Page.cell($0.clean.fpr, $0.clean.fprInterval) }
        let sets = zip(names, report.sets.indices).map { name, index in
            [
                Page.cell(name),
                Page.cell(
                    report.sets[index].detectionRate,
                    report.sets[index].detectionInterval,
                    isHeated: true
                ),
            ]
                + report.detectors.map {
                    Page.cell($0.sets[index].detectionRate, $0.sets[index].detectionInterval, isHeated: true)
                }
        }
        return Page.section(
            "Detectors",
            [
                """
                <p class="note">What each detector would flag by itself, held to the promise that the chain is held to; \
                successful examples.</p>
                """,
                Page.table(heads: heads, rows: [clean] + sets),
                costs,
            ]
        )
    }

    private var costs: Markup {
        let rows = report.detectors.compactMap { detector -> [Markup]? in
            guard let cost = detector.cost else { return nil }
            return [
                Page.cell(detector.name), Page.cell("\(cost.passes)"), Page.cell("\(cost.rows)"),
                Page.cell("\(cost.passesSaved)"), Page.cell("\(cost.rowsSaved)"),
                Page.cell(Figure.decimal(cost.milliseconds, digits: 2)),
            ]
        }
        guard !rows.isEmpty else { return .empty }
        let chain = [
            Page.cell("chain"), Page.cell("\(report.passesPerRequest)"), Page.cell("\(report.rowsPerRequest)"),
            "<td></td>", "<td></td>", Page.cell(Figure.decimal(evaluation.chainMilliseconds, digits: 2)),
        ]
        return """
            <h3>Cost of a request of one row</h3>
            \(Page.table(
                heads: [
                    "detector", "passes alone", "rows alone", "passes only it needs", "rows only it needs",
                    "ms beyond the model",
                ],
                rows: rows + [chain]
            ))
            <p class="note">A pass is one batched run of one model; its rows are the row and its variants. Passes and rows \
            by itself include the plain inference (one of each); what detectors share is counted with each, and \
            saved only where no other needs it. Times are medians on this machine.</p>
            """
    }
}
