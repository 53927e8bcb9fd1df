import Glibc

/// A model's answer for one row: natural logarithms of class probabilities, in float64.
///
/// Logarithms below ``floor`` count as it, so that every number derived from them is finite.
public struct ClassDistribution: Sendable, Hashable {
    /// The least logarithm: far below what float32 probabilities reach, far above what float64 sums lose.
    public static let floor = -1000.0

    public let logarithms: [Double]

    /// - Throws: ``DistributionFault`` where a logarithm is no number, is above 0 by more than rounding, or none is there.
    public init(logProbabilities: Span<Float>) throws(DistributionFault) {
        try self.init(logProbabilities: logProbabilities, sharpness: 1)
    }

    /// A model's answer made sharper or softer: softmax(sharpness · ln p), which for a softmax's answer is the softmax of its
    /// logits times `sharpness` (Guo and others, ICML 2017: sharpness is 1 / temperature).
    ///
    /// - Throws: ``DistributionFault`` as ``init(logProbabilities:)`` does.
    public init(logProbabilities: Span<Float>, sharpness: Double) throws(DistributionFault) {
        guard !logProbabilities.isEmpty else { throw DistributionFault("the model answered with no classes") }
        var logarithms: [Double] = []
        logarithms.reserveCapacity(logProbabilities.count)
        for index in logProbabilities.indices {
            logarithms.append(try ClassDistribution.held(logProbabilities[index], index))
        }
        if sharpness != 1 {
            let peak = (logarithms.max() ?? 0) * sharpness
            let norm = peak + log(logarithms.reduce(0) { $0 + exp($1 * sharpness - peak) })
            for index in logarithms.indices {
                logarithms[index] = try ClassDistribution.held(Float(logarithms[index] * sharpness - norm), index)
            }
        }
        self.logarithms = logarithms
    }

    private static func held(_ logProbability: Float, _ index: Int) throws(DistributionFault) -> Double {
        let logarithm = Double(logProbability)
        guard logarithm <= 0.01 else {
            throw DistributionFault("log-probability \(index) is \(logarithm), expected 0 or less")
        }
        return min(max(logarithm, floor), 0)
    }

    /// The most probable class; the first of several.
    public var label: Int {
        var best = 0
        for index in logarithms.indices where logarithms[index] > logarithms[best] { best = index }
        return best
    }

    /// Log-odds of a class against its best rival, ln p(class) − max ln p(other): negative where a rival wins, 0 where
    /// there is no other class.
    public func margin(of label: Int) -> Double {
        var rival: Double?
        for (index, logarithm) in logarithms.enumerated() where index != label {
            rival = max(rival ?? logarithm, logarithm)
        }
        return rival.map { logarithms[label] - $0 } ?? 0
    }

    /// Kullback–Leibler divergence of `other` from this one, Σ p (ln p − ln q), in nats, at least 0.
    ///
    /// - Precondition: both have as many classes.
    public func divergence(from other: ClassDistribution) -> Double {
        precondition(logarithms.count == other.logarithms.count, "both distributions are over the same classes")
        var sum = 0.0
        for (p, q) in zip(logarithms, other.logarithms) { sum += exp(p) * (p - q) }
        return max(sum, 0)
    }

    /// Squared Hellinger distance, Σ (√p − √q)² / 2, in 0...1 (up to rounding of the probabilities' sums).
    ///
    /// - Precondition: both have as many classes.
    public func squaredHellinger(from other: ClassDistribution) -> Double {
        precondition(logarithms.count == other.logarithms.count, "both distributions are over the same classes")
        // Not 1 − Σ √(p q), which loses every distance below 10⁻¹⁶ and most of those near it.
        return zip(logarithms, other.logarithms).reduce(0) { sum, pair in
            let difference = exp(pair.0 / 2) - exp(pair.1 / 2)
            return sum + difference * difference / 2
        }
    }

    /// The mean of probabilities, class by class.
    ///
    /// - Precondition: there is one distribution at least, all over as many classes.
    public static func mean(of distributions: [ClassDistribution]) -> ClassDistribution {
        guard var mean = distributions.first else { preconditionFailure("a mean needs a distribution") }
        var sums = [Double](repeating: 0, count: mean.logarithms.count)
        // Sums of p / p_max keep what exp would lose in classes that every member calls next to impossible.
        let peaks = sums.indices.map { index in distributions.reduce(floor) { max($0, $1.logarithms[index]) } }
        for distribution in distributions {
            precondition(distribution.logarithms.count == sums.count, "all distributions are over the same classes")
            for index in sums.indices { sums[index] += exp(distribution.logarithms[index] - peaks[index]) }
        }
        let size = Double(distributions.count)
        mean = ClassDistribution(unchecked: zip(sums, peaks).map { log($0 / size) + $1 })
        return mean
    }

    /// Jensen–Shannon divergence of several, mean KL divergence of their mean from each, in nats: 0 where all agree, at most
    /// ln of their number.
    public static func jensenShannon(_ distributions: [ClassDistribution]) -> Double {
        let mean = mean(of: distributions)
        return distributions.reduce(0) { $0 + $1.divergence(from: mean) } / Double(distributions.count)
    }

    private init(unchecked logarithms: [Double]) {
        self.logarithms = logarithms
    }
}

/// Why a model's answer is no distribution, in one sentence.
public struct DistributionFault: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
