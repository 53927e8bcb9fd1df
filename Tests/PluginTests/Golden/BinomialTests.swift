import Foundation
import NoiseStability
import Testing

/// What a certificate is made of, beside scipy.stats.
@Suite struct BinomialTests {
    struct Case: Decodable, Sendable {
        let n: Int
        let k: Int
        let alpha: Double
        let bound: Double
        let test: Double
        let quantile: Double?
    }

    static let all: [Case] = {
        do {
            let file = GoldenCase.folder.appendingPathComponent("binomials.json")
            return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
        } catch {
            preconditionFailure("the cases are there and read: \(error)")
        }
    }()

    @Test(arguments: all) func agreesWithSciPy(_ golden: Case) {
        let bound = Binomial.lowerBound(golden.k, of: golden.n, alpha: golden.alpha)
        #expect(abs(bound - golden.bound) < 1e-12, "\(bound)")
        let test = Binomial.fairCoinTest(golden.k, of: golden.n)
        #expect(abs(test - golden.test) < 1e-12, "\(test)")
        guard let expected = golden.quantile else { return }
        let quantile = Certificate.normalQuantile(golden.bound)
        #expect(abs(quantile - expected) < 1e-9, "\(quantile)")
    }

    /// The guarantee itself: whatever the true probability, the bound is above it with probability alpha at most.
    @Test(arguments: [(5, 0.05), (60, 0.001), (128, 0.01)], [0.05, 0.3, 0.5, 0.7, 0.95, 0.999])
    func theBoundCovers(_ trial: (n: Int, alpha: Double), _ p: Double) {
        var failing = 0.0
        let n = Double(trial.n)
        for count in 0...trial.n where Binomial.lowerBound(count, of: trial.n, alpha: trial.alpha) > p {
            let k = Double(count)
            let choices: Double = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
            let logarithm: Double = choices + k * log(p) + (n - k) * log(1 - p)
            failing += exp(logarithm)
        }
        #expect(failing <= trial.alpha * (1 + 1e-9))
    }
}
