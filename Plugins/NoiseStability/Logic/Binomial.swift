import Glibc

/// The two questions that votes are asked.
package enum Binomial {
    /// p-value of the two-sided exact test that `successes` of `trials` come from a fair coin: 1 where there are no trials.
    package static func fairCoinTest(_ successes: Int, of trials: Int) -> Double {
        let fewer = min(successes, trials - successes)
        return min(1, 2 * upperTail(trials - fewer, of: trials, 0.5))
    }

    /// The one-sided Clopper–Pearson lower bound: the least probability under which `successes` or more of `trials` happen with
    /// probability `alpha`. With confidence 1 − alpha over the draw the true probability lies above it.
    ///
    /// - Precondition: 0 ≤ successes ≤ trials, 0 < alpha < 1.
    package static func lowerBound(_ successes: Int, of trials: Int, alpha: Double) -> Double {
        guard successes > 0 else { return 0 }
        var low = 0.0
        var high = Double(successes) / Double(trials)
        // Upwards of 1,100 halvings of a double end at neighbours; what stays below is the bound on the safe side.
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return low }
            if upperTail(successes, of: trials, middle) < alpha { low = middle } else { high = middle }
        }
    }

    /// P(X ≥ successes) for X ~ Binomial(trials, p), 0 < p < 1 or, for p 1, 1.
    private static func upperTail(_ successes: Int, of trials: Int, _ p: Double) -> Double {
        guard successes > 0, p < 1 else { return 1 }
        let n = Double(trials)
        let k = Double(successes)
        let choices = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        var term = exp(choices + k * log(p) + (n - k) * log1p(-p))
        var sum = 0.0
        for count in successes...trials {
            sum += term
            term *= Double(trials - count) / Double(count + 1) * (p / (1 - p))
        }
        return min(sum, 1)
    }
}
