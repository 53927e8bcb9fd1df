extension EvaluationPage {
    /// ROC curves and histograms, a panel an attack.
    var curves: Markup {
        let panels = evaluation.sets.dropFirst().enumerated().filter { !$0.element.fooling.isEmpty }
        guard !panels.isEmpty, let clean = evaluation.sets.first else { return .empty }
        let styles = report.detectors.indices.map { "s\(($0 + 1) % 8)" }
        let keys: [Markup] = (["chain"] + report.detectors.map(\.name)).enumerated().map { index, name in
            "<span><i style=\"color:var(--c\(index % 8))\"></i>\(name)</span>"
        }
        let rocs = panels.map { index, set -> Markup in
            let chain = CurveChart.Curve(
                name: "chain",
                style: "chain s0",
                points: RankingCurve.points(
                    negatives: clean.rows.map(\.score),
                    positives: set.fooling.map(\.score)
                )
            )
            let single = report.detectors.indices.map { detector in
                CurveChart.Curve(
                    name: report.detectors[detector].name,
                    style: styles[detector],
                    points: RankingCurve.points(
                        negatives: clean.rows.map { $0.detectors[detector].score },
                        positives: set.fooling.map { $0.detectors[detector].score }
                    )
                )
            }
            let chart = CurveChart(
                curves: single + [chain],
                alpha: report.promise.alpha,
                finest: 1 / Double(max(clean.rows.count, 1))
            )
            return panel(index, chart.drawing(label: "ROC curves of \(names[index])"))
        }
        let histograms = panels.map { index, set -> Markup in
            let chart = HistogramChart(
                clean: clean.rows.map(\.score),
                attacked: set.fooling.map(\.score),
                thresholds: evaluation.thresholds.map { ($0.score, $0.name, $0.isDeployed ? "mark" : "mark second") }
            )
            return panel(index, chart.drawing(label: "Scores of \(names[index])"))
        }
        return Page.section(
            "Curves and scores",
            [
                """
                <p class="note">Detection of successful examples against the share of clean rows flagged, whatever the \
                threshold; the dashed line is the promised rate. The axis ends at one clean row of \
                \(Figure.count(clean.rows.count)).</p>
                """,
                "<div class=\"legend\">\(keys)</div>", "<div class=\"panels\">\(rocs)</div>", "<h3>Scores</h3>",
                """
                <div class="legend"><span><i class="box" style="background:var(--clean)"></i>clean rows</span>\
                <span><i class="box" style="background:var(--attack)"></i>successful examples</span>\
                <span>┆ thresholds: deployed (red), marginal (grey)</span></div>
                """,
                "<div class=\"panels\">\(histograms)</div>",
            ]
        )
    }

    private func panel(_ index: Int, _ drawing: Markup) -> Markup {
        let set = report.sets[index]
        return """
            <figure><figcaption>\(names[index]) <span>\(set.successful) successful</span></figcaption>\(drawing)</figure>
            """
    }
}
