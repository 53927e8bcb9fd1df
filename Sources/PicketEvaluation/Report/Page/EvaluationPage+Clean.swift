extension EvaluationPage {
    /// Who bears the false alarms.
    var clean: Markup {
        let clean = report.clean
        let marks = [(value: report.promise.alpha, name: "promised: \(Figure.percent(report.promise.alpha))")]
        var entries = [
            IntervalChart.Entry(
                name: "all rows",
                remark: "of \(clean.n)",
                value: clean.fpr,
                interval: clean.fprInterval,
                second: clean.marginal.fpr
            )
        ]
        if let right = clean.right, let wrong = clean.wrong {
            entries += [
                IntervalChart.Entry(
                    name: "answered rightly",
                    remark: "of \(right)",
                    value: clean.fprRight,
                    interval: clean.fprRightInterval,
                    second: nil
                ),
                IntervalChart.Entry(
                    name: "answered wrongly",
                    remark: "of \(wrong)",
                    value: clean.fprWrong,
                    interval: clean.fprWrongInterval,
                    second: nil
                ),
            ]
        }
        // A thousand classes make no chart: the worst of those with enough rows tell.
        let shown = clean.perClass.count <= 24 ? clean.perClass : worstClasses(clean.perClass)
        let classes = shown.map { entry in
            IntervalChart.Entry(
                name: "class \(entry.label)",
                remark: "of \(entry.n)",
                value: entry.fpr,
                interval: entry.fprInterval,
                second: nil
            )
        }
        func chart(_ entries: [IntervalChart.Entry], _ label: String) -> Markup {
            IntervalChart(
                entries: entries,
                marks: marks,
                largest: nil,
                valueName: "flagged",
                secondName: "marginal rank"
            )
            .drawing(label: label)
        }
        let remark: Markup =
            shown.count < clean.perClass.count
            ? "<p class=\"note\">The \(shown.count) most flagged of \(clean.perClass.count) classes.</p>" : ""
        return Page.section(
            "Clean rows flagged",
            [
                """
                <p class="note">The promise is over all rows; it is not shared evenly. Dashed: the promised rate.</p>
                """,
                chart(entries, "False-positive rates on clean rows"),
                "<h3>By predicted class</h3>", chart(classes, "False-positive rate by predicted class"), remark,
            ]
        )
    }

    private func worstClasses(
        _ classes: [EvaluationReport.Clean.PredictedClass]
    ) -> [EvaluationReport.Clean.PredictedClass] {
        let most = classes.sorted { ($0.fpr, $0.n, $1.label) > ($1.fpr, $1.n, $0.label) }.prefix(20)
        return Array(most)
    }

    /// Merely bad pictures.
    var corruptions: Markup {
        guard let corruptions = report.corruptions else { return .empty }
        let chart = IntervalChart(
            entries: corruptions.kinds.map {
                IntervalChart.Entry(
                    name: "\($0.name) \($0.strength)",
                    remark: "of \(corruptions.n)",
                    value: $0.fpr,
                    interval: $0.fprInterval,
                    second: $0.accuracy
                )
            },
            marks: [(report.promise.alpha, "promised on clean rows: \(Figure.percent(report.promise.alpha))")],
            largest: 1,
            valueName: "flagged",
            secondName: "answered rightly by the model"
        )
        return Page.section(
            "Merely bad pictures",
            [
                """
                <p class="note">Benign corruptions of \(corruptions.n) of the \(corruptions.of) clean rows, spread evenly over \
                the set, on the 8-bit grid where the model's rows are. Nobody promised a rate here: the promise is for rows \
                like the calibration's. ● flagged, ○ answered rightly by the model.</p>
                """,
                chart.drawing(label: "Share of corrupted clean rows flagged"),
            ]
        )
    }

    /// How far figures hang on what was drawn.
    var keys: Markup {
        guard let keys = report.keys else { return .empty }
        let clean = [
            Page.cell("clean rows flagged"), Page.cell(keys.cleanFPR.mean), Page.cell(keys.cleanFPR.worst),
            Page.cell(keys.cleanMarginalFPR.mean), Page.cell(keys.cleanMarginalFPR.worst),
        ]
        let sets = zip(names, keys.sets).map { name, set in
            [
                Page.cell(name), Page.cell(set.detectionRate?.mean), Page.cell(set.detectionRate?.worst),
                Page.cell(set.marginalDetectionRate?.mean), Page.cell(set.marginalDetectionRate?.worst),
            ]
        }
        return Page.section(
            "Under \(keys.n) keys",
            [
                """
                <p class="note">Random draws follow from a secret key: the same sets judged under \(keys.n) keys. Worst is \
                the highest share of clean rows, the lowest detection.</p>
                """,
                Page.table(heads: ["set", "mean", "worst", "marginal mean", "marginal worst"], rows: [clean] + sets),
            ]
        )
    }
}
