import PicketTransforms

/// How far an answer p is from the reference q, what others say of the same row; c is the most probable class of p.
enum ReferenceDistance: String, Hashable, CaseIterable {
    /// Squared Hellinger distance, 1 − Σ √(p q), in 0...1: of two answers that are each sure of another class it sees how
    /// sure, where Jensen–Shannon saturates.
    case hellinger
    /// Kullback–Leibler divergence of p from q, Σ q (ln q − ln p), in nats: great where p all but excludes what others see.
    case divergence = "kl"
    /// Negated log-odds of c against its best rival in q.
    case margin

    func callAsFunction(_ answer: ClassDistribution, from reference: ClassDistribution) -> Double {
        switch self {
        case .hellinger: answer.squaredHellinger(from: reference)
        case .divergence: reference.divergence(from: answer)
        case .margin: -reference.margin(of: answer.label)
        }
    }
}
