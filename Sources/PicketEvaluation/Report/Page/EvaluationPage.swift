/// An evaluation as one HTML file.
package struct EvaluationPage: Sendable {
    let evaluation: Evaluation
    /// Short names of the adversarial sets, in order.
    let names: [String]

    var report: EvaluationReport { evaluation.report }

    package init(_ evaluation: Evaluation) {
        self.evaluation = evaluation
        names = SetNames(evaluation.report.sets.map(\.file)).unique
    }

    package var text: String {
        Page(
            title: "Picket evaluation: \(report.model)",
            body: [
                header, cards, baseRate, detection, curves, detectors, clean, corruptions, keys, pictures, provenance,
            ]
        ).text
    }

    private var header: Markup {
        let promise = report.promise
        let guarantee =
            promise.confidence > 0
            ? "with confidence \(Figure.percent(promise.confidence, digits: 0)) over the calibration draw"
            : "on average over calibrations"
        return """
            <h1>Evaluation of \(report.model)</h1>
            <p class="lead">Promised: at most \(Figure.percent(promise.alpha)) of clean \(promise.ratePer)s flagged, \
            \(guarantee) (\(promise.guarantee); rank \(promise.rank) of \(promise.n) clean scores). \
            Figures called marginal are counted at rank \(promise.marginalRank), which keeps the rate on average only. \
            Detection is always of successful examples; intervals are \(report.intervals.method), \
            \(Figure.percent(report.intervals.confidence, digits: 0)).</p>

            """
    }

    private var cards: Markup {
        let clean = report.clean
        let keepsPromise = clean.fpr <= report.promise.alpha
        var cards = [
            card(
                "Clean rows flagged",
                Figure.percent(clean.fpr),
                "\(Figure.interval(clean.fprInterval)) % · \(clean.flagged) of \(Figure.count(clean.n))",
                style: keepsPromise ? "good" : "bad"
            ),
            card(
                "Accuracy kept",
                Figure.percent(clean.accuracyKept),
                "the model alone \(Figure.percent(clean.accuracy))"
            ),
        ]
        if let mean = report.mean, let worst = report.worstSet {
            cards += [
                card(
                    "Mean detection",
                    Figure.percent(mean.detectionRate),
                    "over \(mean.sets) sets · marginal \(Figure.percent(mean.marginalDetectionRate))"
                ),
                card(
                    "Worst set",
                    Figure.percent(worst.detectionRate),
                    "\(SetNames.short(worst.file)) · \(Figure.interval(worst.detectionInterval)) %"
                ),
            ]
        }
        if let union = report.union {
            cards.append(
                card(
                    "Kept under every attack",
                    Figure.percent(union.robustAccuracy),
                    "of \(Figure.count(union.pictures)) pictures · the model alone \(Figure.percent(union.modelAccuracy))"
                )
            )
        }
        cards.append(
            card("Passes a request", "\(report.passesPerRequest)", "\(report.rowsPerRequest) rows of inference a row")
        )
        return "<div class=\"cards\">\(cards)</div>\n"
    }

    private func card(_ label: String, _ figure: String, _ remark: String, style: String = "") -> Markup {
        """
        <div class="card \(style)"><span class="label">\(label)</span><b>\(figure)</b><span>\(remark)</span></div>
        """
    }
}
