/// The capital of a gambler who bets against uniform p-values: a martingale where they are uniform and independent, so
/// that it ever reaches 1/α with a probability of α at most (Ville 1939; Vovk, Nouretdinov, Gammerman 2003).
///
/// Eight bets side by side, each a density on [0, 1] that is never over 1.5: rows more suspicious than before, some of
/// them far more, the same towards less suspicious, and both ends fuller. No row multiplies the capital by more than that,
/// so that some thirty in a row are the least that it takes. The change may come at any time: of the money,
/// 1/√t − 1/√(t + 1) waits until row t and is put on all eight then. A mixture of martingales over starts and bets is one;
/// a late change costs 1.5 ln t more, instead of everything lost until then.
package struct Wagers: Sendable, Hashable {
    private var open = SIMD8<Double>.zero
    private var waiting = 1.0
    private var rows = 0.0

    /// What one has by now, from 1 at the start.
    package var capital: Double { waiting + open.sum() }

    /// Whether bets on more suspicious rows have earned more than those on less suspicious ones.
    var isUpward: Bool { open[4] + open[5] + open[6] < open.lowHalf.sum() }

    package init() {}

    /// - Parameter pValue: between 0 and 1.
    package mutating func settle(_ pValue: Double) {
        rows += 1
        let left = 1 / (rows + 1).squareRoot()
        let stake = (waiting - left) / 8
        waiting = left
        open = (open + stake) * Wagers.factors(pValue)
    }

    private static func factors(_ p: Double) -> SIMD8<Double> {
        let q = 1 - p
        let offset = p - 0.5
        return SIMD8(
            0.5 + q,
            0.75 + 0.5 * q,
            p <= 0.1 ? 1.5 : 17.0 / 18,
            p <= 0.03 ? 1.5 : 191.0 / 194,
            0.5 + p,
            0.75 + 0.5 * p,
            q <= 0.1 ? 1.5 : 17.0 / 18,
            0.75 + 3 * offset * offset
        )
    }
}
