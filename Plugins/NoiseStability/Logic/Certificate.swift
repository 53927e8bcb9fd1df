import Glibc

/// The L2 radius within which the smoothed classifier's answer cannot change (Cohen, Rosenfeld, Kolter, "Certified Adversarial
/// Robustness via Randomized Smoothing", ICML 2019, CERTIFY): deviation · Φ⁻¹(p), p the lower confidence bound of the
/// probability that a noisy copy gets the selected label.
package struct Certificate {
    let settings: CertificateSettings
    /// By votes of the selected label among the copies for estimation; 0 where the classifier abstains. Pixels in 0...1.
    private let radii: [Double]

    init(_ settings: CertificateSettings, deviation: Double) {
        self.settings = settings
        radii = (0...settings.estimation).map { votes in
            // No bound is above the share itself.
            guard 2 * votes > settings.estimation else { return 0 }
            let bound = Binomial.lowerBound(votes, of: settings.estimation, alpha: settings.alpha)
            return bound > 0.5 ? deviation * Certificate.normalQuantile(bound) : 0
        }
    }

    /// - Parameter votes: of the label that the copies for selection chose, among those for estimation.
    func radius(_ votes: Int) -> Double { radii[votes] }

    /// The number x with Φ(x) = p, for p in 0.5..<1.
    package static func normalQuantile(_ p: Double) -> Double {
        var low = 0.0
        var high = 40.0
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return low }
            if erfc(middle / 2.0.squareRoot()) / 2 > 1 - p { low = middle } else { high = middle }
        }
    }
}
