/// What tuning found, as one HTML file.
package struct TunePage: Sendable {
    private let report: TuneReport
    private let names: [String]

    package init(_ report: TuneReport) {
        self.report = report
        names = SetNames(report.sets.map(\.file)).unique
    }

    package var text: String {
        Page(title: "Picket tune: \(report.model)", body: [header, cards, frontier, chosen, sets, pool]).text
    }

    private var header: Markup {
        """
        <h1>A chain for \(report.model)</h1>
        <p class="lead">The best parts for a budget of \(report.budget) passes at a false-positive rate of \
        \(Figure.percent(report.falsePositiveRate)), joined by \(report.method). A pass is one run of a model on the row or \
        on a variant of it; one of them is the plain inference.</p>
        <p class="note"><strong>\(report.caution)</strong></p>

        """
    }

    private var cards: Markup {
        let chosen = report.chosen
        var cards = [
            card("Mean detection", Figure.percent(chosen.detection), "thresholds cross-validated, choice in sample"),
            card("Attacks left out", Figure.percent(chosen.leftOut), "each judged by a choice made without it"),
            card("Worst set", Figure.percent(chosen.worstDetection), SetNames.short(chosen.worstFile)),
            card("Held-out clean rows flagged", Figure.percent(chosen.falsePositiveRate), "at the marginal rank"),
            card(
                "Passes",
                "\(chosen.passes)",
                "of \(report.budget) allowed; the whole pool takes \(report.poolPasses)"
            ),
        ]
        if let verified = report.verified {
            cards.append(
                card(
                    "As one chain",
                    Figure.percent(verified.marginalDetection),
                    "deployed rank \(verified.rank) of \(verified.n): \(Figure.percent(verified.detection))"
                )
            )
        }
        return "<div class=\"cards\">\(cards)</div>\n"
    }

    private func card(_ label: String, _ figure: String, _ remark: String) -> Markup {
        "<div class=\"card\"><span class=\"label\">\(label)</span><b>\(figure)</b><span>\(remark)</span></div>"
    }

    private var frontier: Markup {
        let series = [
            FrontierChart.Series(
                name: "mean detection",
                style: "s0",
                points: report.frontier.map { ($0.passes, $0.detection) }
            ),
            FrontierChart.Series(
                name: "attacks left out",
                style: "s1",
                points: report.frontier.compactMap { entry in entry.leftOut.map { (entry.passes, $0) } }
            ),
            FrontierChart.Series(
                name: "worst set",
                style: "s2",
                points: report.frontier.map { ($0.passes, $0.worstDetection) }
            ),
        ]
        let budgets = report.frontier.map { ("\($0.budget)", $0) } + [("as configured", report.configured)]
        let rows = budgets.map { budget, entry -> [Markup] in
            [
                Page.cell(budget), Page.cell("\(entry.passes)"), Page.cell(entry.detection, isHeated: true),
                Page.cell(entry.leftOut, isHeated: true), Page.cell(entry.worstDetection, isHeated: true),
                Page.cell(entry.falsePositiveRate), "<td class=\"parts\">\(entry.parts.joined(separator: " · "))</td>",
            ]
        }
        let keys = series.enumerated().map { index, entry -> Markup in
            "<span><i style=\"color:var(--c\(index))\"></i>\(entry.name)</span>"
        }
        return Page.section(
            "Detection against passes",
            [
                FrontierChart(series: series, budget: report.budget).drawing(label: "Detection against passes"),
                "<div class=\"legend\">\(keys)</div>",
                Page.table(
                    heads: ["budget", "passes", "detection", "left out", "worst set", "clean flagged", "parts"],
                    rows: rows,
                    style: "listed"
                ),
            ]
        )
    }

    private var chosen: Markup {
        let text = report.detectors.map { detector in
            "- plugin: \(detector.plugin)\n  name: \(SettingsValue.string(detector.name).text)\n  config: \(detector.config.flow)"
        }.joined(separator: "\n")
        return Page.section("The chain for \(report.budget) passes", ["<pre>\(text)</pre>"])
    }

    private var sets: Markup {
        let rows = zip(names, report.sets.indices).map { name, index -> [Markup] in
            let verified = report.verified?.sets[index]
            let set = report.sets[index]
            return [
                Page.cell(name), Page.cell(set.attack), Page.cell("\(set.successful) of \(set.rows)"),
                Page.cell(set.successful > 0 ? report.chosen.sets[index] : nil, isHeated: true),
                Page.cell(verified?.marginalDetectionRate, isHeated: true),
                Page.cell(verified?.detectionRate, verified?.detectionInterval, isHeated: true),
            ]
        }
        let remark: Markup =
            report.verified == nil
            ? """
            <p class="note">The clean rows do not carry the promise, so that the chain was not verified as a whole: \
            \(report.notVerified ?? "").</p>
            """
            : """
            <p class="note">The last two columns are of the chain put together, calibrated on the same clean rows, at the \
            marginal and at the deployed rank.</p>
            """
        return Page.section(
            "Attacks",
            [
                Page.table(
                    heads: ["set", "attack", "successful", "cross-validated", "as one chain, marginal", "deployed"],
                    rows: rows
                ), remark,
            ]
        )
    }

    private var pool: Markup {
        let chosen = Set(report.chosen.parts)
        let rows = report.pool.sorted { ($0.detection, $1.name) > ($1.detection, $0.name) }.map { part -> [Markup] in
            [
                Page.cell(part.name), Page.cell(chosen.contains(part.name) ? "chosen" : ""),
                Page.cell("\(part.passes)"), Page.cell("\(part.components.count)"),
                Page.cell(part.detection, isHeated: true),
            ]
        }
        return Page.section(
            "Candidates",
            [
                """
                <p class="note">\(report.clean) clean rows, \(report.fitted) of them to learn from; \(report.failed) rows \
                left out since a detector failed on them. Passes and detection of each part alone.</p>
                """,
                Page.table(heads: ["part", "", "passes alone", "components", "detection alone"], rows: rows),
            ]
        )
    }
}
