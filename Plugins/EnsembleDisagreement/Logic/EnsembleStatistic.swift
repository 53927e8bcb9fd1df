import PicketTransforms

/// A number about the answers of several models for one picture, the row or a squeezed one; higher = more suspicious.
///
/// c is the class that the served model gives the row itself. Models are numbered: 0 is the served one, then the members.
enum EnsembleStatistic: Hashable {
    /// Jensen–Shannon divergence of all models' answers, in nats. It is the mutual information of answer and model, BALD
    /// (Houlsby and others 2011), with the served model among the samples.
    case jensenShannon
    /// The same of two models.
    case pair(Int, Int)
    /// The same of the served model's answer for the row and the members' for the squeezed row.
    case cross
    /// Share of the members whose most probable class is not c.
    case vote
    /// 1 − the share of the models, the served one among them, that give the most frequent label (Freeman 1965).
    case variationRatio
    /// Entropy of the members' mean less the mean of their entropies, in nats: BALD without the served model, which may be the
    /// one that was attacked.
    case mutualInformation
    /// Negated log-odds of c against its best rival in the mean of the members' probabilities.
    case margin
    /// The same in one member's answer.
    case memberMargin(Int)
    /// Mean of the members' own: far more is lost where one member is certain that it is not c.
    case meanMargin
    /// Jensen–Shannon divergence of every model's answer on every picture, all alike.
    case pooled
    /// How far the served model's answer for the row is from the reference: the mean of the members' probabilities over
    /// every picture, which the served model has no part in.
    case reference(ReferenceDistance)

    /// Those of all pictures together.
    static let overAll: [EnsembleStatistic] = [.pooled] + ReferenceDistance.allCases.map { .reference($0) }

    /// Those of one picture, in the order in which they are offered.
    static func all(models: Int) -> [EnsembleStatistic] {
        let pairs = (0..<models).flatMap { one in (one + 1..<models).map { EnsembleStatistic.pair(one, $0) } }
        let margins = (1..<models).map { EnsembleStatistic.memberMargin($0) }
        let mutual: [EnsembleStatistic] = models > 2 ? [.mutualInformation] : []
        return [.jensenShannon, .cross, .vote, .variationRatio] + mutual + [.margin, .meanMargin] + pairs + margins
    }

    /// The models whose answers for the picture it needs; the served model's for the row is always there.
    func models(of count: Int) -> [Int] {
        switch self {
        case .jensenShannon, .variationRatio, .pooled: Array(0..<count)
        case .pair(let one, let other): [one, other]
        case .cross, .vote, .mutualInformation, .margin, .meanMargin, .reference: Array(1..<count)
        case .memberMargin(let member): [member]
        }
    }

    /// Whether it looks at all pictures together.
    var isPooled: Bool {
        switch self {
        case .pooled, .reference: true
        default: false
        }
    }

    /// The word of the configuration that chooses it.
    var group: String {
        switch self {
        case .jensenShannon: "js"
        case .pair: "pairs"
        case .cross: "cross"
        case .vote: "vote"
        case .variationRatio: "variation-ratio"
        case .mutualInformation: "mutual-information"
        case .margin: "margin"
        case .memberMargin: "margins"
        case .meanMargin: "mean-margin"
        case .pooled: "pooled"
        case .reference: "reference"
        }
    }

    /// Its name in components; `names` are the models'.
    func name(_ names: [String]) -> String {
        switch self {
        case .pair(let one, let other): "js:\(names[one]):\(names[other])"
        case .memberMargin(let member): "margin:\(names[member])"
        case .reference(let distance): "reference:\(distance.rawValue)"
        default: group
        }
    }
}
