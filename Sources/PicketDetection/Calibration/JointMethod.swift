/// How the components of a row become one score. All start from the components' normal scores (``RankTable``), and end in
/// the same step: the score's place among clean scores that nothing before has seen, so the promise holds for each.
public enum JointMethod: String, Sendable, Hashable, Codable, CaseIterable {
    /// The mean in a family, ranked again; the sum of squares of the positive ones. Counts evidence from one family that
    /// is sure as much as from many that are not, and families that find a row quieter than usual excuse nothing.
    case twoLevel = "two-level"
    /// The mean, in a family, of the squares of the positive normal scores; their sum. Ranked once: how far a component is
    /// out of the ordinary is not pressed into ranks a second time, and one that is sure among many is heard.
    case oneLevel = "one-level"
    /// Two-level with a family's largest normal score instead of the mean: one component of many may be sure.
    case twoLevelMax = "two-level-max"
    /// The largest normal score of all components, whatever their families.
    case max
    /// −ln of the smallest of the families' p-values, a family being the mean of its normal scores.
    case minP = "min-p"
    /// Fisher's −2 Σ ln p over the families (Statistical Methods for Research Workers, 1932).
    case fisher

    var rule: JointRule {
        switch self {
        case .twoLevel: JointRule(family: .mean, isRankedAgain: true, chain: .squares)
        case .oneLevel: JointRule(family: .squares, isRankedAgain: false, chain: .sum)
        case .twoLevelMax: JointRule(family: .largest, isRankedAgain: true, chain: .squares)
        case .max: JointRule(family: .largest, isRankedAgain: false, chain: .largest)
        case .minP: JointRule(family: .mean, isRankedAgain: true, chain: .smallestProbability)
        case .fisher: JointRule(family: .mean, isRankedAgain: true, chain: .logarithms)
        }
    }
}

/// A method taken apart: what becomes of a family's normal scores, and what of the families'.
struct JointRule: Sendable, Hashable {
    enum Family: Sendable, Hashable {
        case mean
        case largest
        /// The mean of the squares of the positive ones.
        case squares

        func callAsFunction(_ scores: some Collection<Double>) -> Double {
            switch self {
            case .mean: scores.reduce(0, +) / Double(scores.count)
            case .largest: scores.max() ?? 0
            case .squares: scores.reduce(0) { $0 + ($1 > 0 ? $1 * $1 : 0) } / Double(scores.count)
            }
        }
    }

    /// What becomes of the families' scores; a family's weight multiplies its term.
    enum Chain: Sendable, Hashable {
        /// The sum of squares of the positive ones.
        case squares
        case sum
        case largest
        /// −ln of the smallest tail probability.
        case smallestProbability
        /// −2 Σ ln of the tail probabilities.
        case logarithms

        func callAsFunction(_ families: [(weight: Double, score: Double)]) -> Double {
            switch self {
            case .squares: families.reduce(0) { $0 + ($1.score > 0 ? $1.weight * $1.score * $1.score : 0) }
            case .sum: families.reduce(0) { $0 + $1.weight * $1.score }
            case .largest: families.map { $0.weight * $0.score }.max() ?? 0
            case .smallestProbability:
                families.map { -$0.weight * NormalTail.logProbability(above: $0.score) }.max() ?? 0
            case .logarithms:
                families.reduce(0) { $0 - 2 * $1.weight * NormalTail.logProbability(above: $1.score) }
            }
        }
    }

    let family: Family
    /// Whether a family's number is ranked against clean rows' again, so that families of many and of few components,
    /// dependent or not, weigh the same.
    let isRankedAgain: Bool
    let chain: Chain
}
