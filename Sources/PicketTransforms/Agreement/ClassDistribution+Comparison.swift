import Glibc

extension ClassDistribution {
    /// The most probable class but for one; the first of several, nil where there is no other.
    public func rival(of label: Int) -> Int? {
        var best: Int?
        for (index, logarithm) in logarithms.enumerated() where index != label {
            if let found = best, logarithm <= logarithms[found] { continue }
            best = index
        }
        return best
    }

    /// Σ |p − q|, 0...2.
    ///
    /// - Precondition: both have as many classes.
    public func l1(to other: ClassDistribution) -> Double {
        sum(with: other) { abs(exp($0) - exp($1)) }
    }

    /// sqrt(Σ (p − q)²), 0...sqrt(2).
    ///
    /// - Precondition: both have as many classes.
    public func l2(to other: ClassDistribution) -> Double {
        sum(with: other) { p, q in
            let difference = exp(p) - exp(q)
            return difference * difference
        }.squareRoot()
    }

    /// Jensen–Shannon divergence of two, in nats, 0...ln 2.
    ///
    /// - Precondition: both have as many classes.
    public func jensenShannon(with other: ClassDistribution) -> Double {
        let sum = sum(with: other) { p, q in
            let mean = max(p, q) + log1p(exp(-abs(p - q))) - ClassDistribution.ln2
            return exp(p) * (p - mean) + exp(q) * (q - mean)
        }
        return max(sum / 2, 0)
    }

    /// ln p(one) − ln p(other).
    public func logOdds(of one: Int, against other: Int) -> Double {
        logarithms[one] - logarithms[other]
    }

    private static let ln2 = 0.693_147_180_559_945_309_4

    private func sum(with other: ClassDistribution, _ term: (Double, Double) -> Double) -> Double {
        precondition(logarithms.count == other.logarithms.count, "both distributions are over the same classes")
        var sum = 0.0
        for index in logarithms.indices { sum += term(logarithms[index], other.logarithms[index]) }
        return sum
    }
}
