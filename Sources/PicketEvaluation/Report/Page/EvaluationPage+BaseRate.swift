import Foundation

extension EvaluationPage {
    /// What a flag is worth where attacks are rare.
    var baseRate: Markup {
        guard let mean = report.mean, let worst = report.worstSet else { return .empty }
        // A sample without a false alarm does not make the rate zero: its interval's end stands for it.
        let measured = report.clean.fpr
        let rate = measured > 0 ? measured : report.clean.fprInterval?.upper ?? report.promise.alpha
        let flags = FlagArithmetic(falsePositiveRate: rate, detectionRate: mean.detectionRate, attacksPerRequest: 1e-4)
        let rows = [1e-2, 1e-3, 1e-4, 1e-5].map { prior -> [Markup] in
            let average = FlagArithmetic(
                falsePositiveRate: rate,
                detectionRate: mean.detectionRate,
                attacksPerRequest: prior
            )
            let worstCase = FlagArithmetic(
                falsePositiveRate: report.promise.alpha,
                detectionRate: worst.detectionRate,
                attacksPerRequest: prior
            )
            return [
                Page.cell("1 in \(Figure.count(Int((1 / prior).rounded())))"),
                Page.cell(Figure.count(Int((average.falseFlags * 1e6).rounded()))),
                Page.cell(Figure.count(Int((average.trueFlags * 1e6).rounded()))),
                Page.cell(Figure.percent(average.shareOfRealFlags, digits: 2)),
                Page.cell(Figure.percent(worstCase.shareOfRealFlags, digits: 2)),
            ]
        }
        let share = Figure.percent(flags.shareOfRealFlags, digits: 2)
        let each = flags.shareOfRealFlags > 0 ? Figure.count(Int((1 / flags.shareOfRealFlags).rounded())) : "–"
        return Page.section(
            "What a flag is worth",
            [
                """
                <p>At one attack in 10 000 requests <strong>\(share)</strong> of flags are real: about one in \(each). \
                The chain narrows down what is worth a look; it convicts nobody.</p>
                """,
                Page.table(
                    heads: [
                        "attacks among requests", "false flags a million", "real flags a million",
                        "real, of all flags", "at the promised rate, worst set",
                    ],
                    rows: rows
                ),
                """
                <p class="note">Requests of one row; \(Figure.percent(rate)) of clean rows flagged \
                \(measured > 0 ? "as measured" : "at most (none was, of \(report.clean.n))"), \
                \(Figure.percent(mean.detectionRate)) of successful attacks detected (mean over the sets).</p>
                """,
            ]
        )
    }
}

/// Bayes' rule for flags.
package struct FlagArithmetic: Sendable {
    /// Shares of all requests.
    package let falseFlags: Double
    package let trueFlags: Double

    package init(falsePositiveRate: Double, detectionRate: Double, attacksPerRequest: Double) {
        falseFlags = (1 - attacksPerRequest) * falsePositiveRate
        trueFlags = attacksPerRequest * detectionRate
    }

    /// Which share of flags is of an attack; 0 where nothing is flagged.
    package var shareOfRealFlags: Double {
        let all = falseFlags + trueFlags
        return all > 0 ? trueFlags / all : 0
    }
}
