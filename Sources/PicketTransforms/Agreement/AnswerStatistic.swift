/// A number that compares a model's answer for a row with its answer for a transformed row; higher = more suspicious.
///
/// p is the row's distribution, t the one under the transform, c the row's most probable class, r the runner-up in p.
public enum AnswerStatistic: String, Sendable, Hashable, CaseIterable {
    /// Σ |p − t|, 0...2 (Xu, Evans, Qi, NDSS 2018).
    case l1
    /// sqrt(Σ (p − t)²).
    case l2
    /// Kullback–Leibler divergence Σ p (ln p − ln t), in nats.
    case kl
    /// Jensen–Shannon divergence, in nats, 0...ln 2.
    case js
    /// Negated log-odds of c against its best rival under the transform: max ln t(other) − ln t(c).
    case margin
    /// What the log-odds of c against its best rival lost under the transform.
    case drop
    /// The runner-up's shift, (ln t(r) − ln t(c)) − (ln p(r) − ln p(c)): over 0 where the transform moves the answer towards
    /// the runner-up (after Roth, Kilcher, Hofmann, ICML 2019, without their standardisation by pairs of classes).
    case runnerUp = "runner-up"
    /// 1 where another class than c is the most probable under the transform, else 0.
    case label

    /// - Precondition: both answers are over the same classes.
    public func value(row: ClassDistribution, transformed: ClassDistribution) -> Double {
        let label = row.label
        return switch self {
        case .l1: row.l1(to: transformed)
        case .l2: row.l2(to: transformed)
        case .kl: row.divergence(from: transformed)
        case .js: row.jensenShannon(with: transformed)
        case .margin: -transformed.margin(of: label)
        case .drop: row.margin(of: label) - transformed.margin(of: label)
        case .runnerUp:
            row.rival(of: label).map {
                transformed.logOdds(of: $0, against: label) - row.logOdds(of: $0, against: label)
            } ?? 0
        case .label: transformed.label == label ? 0 : 1
        }
    }
}
