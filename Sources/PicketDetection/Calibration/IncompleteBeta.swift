internal import Glibc

/// The regularised incomplete beta function I_x(a, b): the distribution function of Beta(a, b), and with
/// I_x(k, n + 1 − k) = P(Binomial(n, x) ≥ k) the tail of the binomial one.
package enum IncompleteBeta {
    /// The continued fraction of DLMF 8.17.22 by the modified Lentz method, on the side where it converges fast.
    ///
    /// - Precondition: a and b are positive and finite, 0 ≤ x ≤ 1.
    package static func regularized(_ x: Double, a: Double, b: Double) -> Double {
        precondition(a > 0 && b > 0 && a.isFinite && b.isFinite, "a beta distribution's parameters are positive")
        precondition(x >= 0 && x <= 1, "a beta distribution lives between 0 and 1")
        if x == 0 || x == 1 { return x }
        if x > (a + 1) / (a + b + 2) { return 1 - lowerTail(1 - x, a: b, b: a, complement: x) }
        return lowerTail(x, a: a, b: b, complement: 1 - x)
    }

    private static func lowerTail(_ x: Double, a: Double, b: Double, complement: Double) -> Double {
        let front = exp(a * log(x) + b * log(complement) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a
        return min(max(front / continuedFraction(x, a: a, b: b), 0), 1)
    }

    private static func continuedFraction(_ x: Double, a: Double, b: Double) -> Double {
        let tiny = 1e-300
        var fraction = 1.0
        var c = 1.0
        var d = 0.0
        // Some √max(a, b) rounds are enough; a million samples take fewer than 2,000.
        for round in 1...100_000 {
            let m = Double(round / 2)
            let term =
                if round == 1 {
                    -(a + b) * x / (a + 1)
                } else if round.isMultiple(of: 2) {
                    m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                } else {
                    -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
                }
            d = 1 + term * d
            d = 1 / (abs(d) < tiny ? tiny : d)
            c = 1 + term / c
            c = abs(c) < tiny ? tiny : c
            fraction *= c * d
            if abs(c * d - 1) < 1e-15 { break }
        }
        return fraction
    }

    private static func logGamma(_ x: Double) -> Double {
        var sign: Int32 = 0
        return lgamma_r(x, &sign)
    }
}
