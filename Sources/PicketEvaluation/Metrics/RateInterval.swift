import PicketDetection

/// Where a rate may lie that was counted on a sample; encoded as `[lower, upper]`.
public struct RateInterval: Sendable, Hashable, Encodable {
    /// The confidence of every interval in a report.
    public static let confidence = 0.95

    /// What the intervals of rates are.
    public static let method = "Clopper-Pearson"

    public var lower: Double
    public var upper: Double

    package init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(lower)
        try container.encode(upper)
    }

    /// The exact interval of Clopper and Pearson (Biometrika 1934) for a binomial share: it covers the true rate with at
    /// least the confidence, at every rate and sample size.
    ///
    /// - Returns: nil where nothing was counted.
    package init?(count: Int, of whole: Int, confidence: Double = RateInterval.confidence) {
        precondition(count >= 0 && count <= whole, "a share is a part of the whole")
        guard whole > 0 else { return nil }
        let tail = (1 - confidence) / 2
        // P(X ≥ count | rate) = I_rate(count, whole − count + 1) grows with the rate.
        lower = count == 0 ? 0 : RateInterval.rate(tail, a: Double(count), b: Double(whole - count + 1))
        upper = count == whole ? 1 : RateInterval.rate(1 - tail, a: Double(count + 1), b: Double(whole - count))
    }

    /// The quantile of a beta distribution, by bisection.
    private static func rate(_ probability: Double, a: Double, b: Double) -> Double {
        var low = 0.0
        var high = 1.0
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if IncompleteBeta.regularized(middle, a: a, b: b) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}

/// A share as it was counted.
package struct Proportion: Sendable, Hashable {
    package var count: Int
    package var whole: Int

    package init(_ count: Int, of whole: Int) {
        self.count = count
        self.whole = whole
    }

    /// Counts the elements that fulfil a condition.
    package init<Elements: Collection>(of elements: Elements, where condition: (Elements.Element) -> Bool) {
        self.init(elements.count(where: condition), of: elements.count)
    }

    /// Nil where there is nothing to count in.
    package var rate: Double? { whole == 0 ? nil : Double(count) / Double(whole) }

    package var interval: RateInterval? { RateInterval(count: count, of: whole) }
}
