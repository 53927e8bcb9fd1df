internal import Glibc

/// What a calibration vouches for.
public struct Promise: Sendable, Hashable {
    /// What the rate is counted over.
    public enum Unit: String, Sendable, Hashable, Codable {
        /// Each clean row is flagged at the rate.
        case row
        /// A clean request of any number of rows is flagged at the rate: each of n rows is held to rate / n.
        case request
    }

    /// The two promises that there are, by name.
    public enum Guarantee: String, Sendable, Hashable, Codable {
        /// The rate is kept on average over calibrations: the conformal p-value is at most the rate so often.
        case marginal
        /// With the confidence, over the draw of the calibration's rows, the rate of this very calibration is kept.
        case trainingConditional = "training-conditional"
    }

    /// The false-positive rate on clean inputs, between 0 and 1.
    public let rate: Double
    /// The confidence, over the draw of the calibration's rows, that the rate is kept; 0: on average only.
    public let confidence: Double
    public let unit: Unit
    /// Whether the rate holds, each time with the confidence, among the clean inputs of every predicted class, and not
    /// only among all.
    public let isClassConditional: Bool

    public var guarantee: Guarantee { confidence == 0 ? .marginal : .trainingConditional }

    /// What a sum of roundings may amount to: 29 of 100 keeps a rate of 0.29.
    private static let rounding = 1e-12

    /// - Throws: ``CalibrationFault/promise(_:)`` for a rate outside [10⁻⁶, 0.5] or a confidence outside [0, 1 − 10⁻⁶].
    public init(
        rate: Double,
        confidence: Double,
        unit: Unit = .row,
        isClassConditional: Bool = false
    ) throws(CalibrationFault) {
        guard rate >= 1e-6, rate <= 0.5 else {
            throw .promise("false-positive rate \(rate): expected 0.000001 to 0.5")
        }
        guard confidence >= 0, confidence <= 0.999999 else {
            throw .promise("confidence \(confidence): expected 0 to 0.999999")
        }
        self.rate = rate
        self.confidence = confidence
        self.unit = unit
        self.isClassConditional = isClassConditional
    }

    /// The rate that each row of a request is held to.
    public func rate(ofRequestWithRows rows: Int) -> Double {
        unit == .row ? rate : rate / Double(max(rows, 1))
    }

    /// Which of the clean scores is the threshold: the k-th largest of `sampleCount`; nil where there are too few.
    ///
    /// A row is flagged when its score is greater than the k-th largest clean score. On continuous scores the
    /// false-positive rate is then distributed Beta(k, n + 1 − k) over the draw of the n clean rows, and with ties it is
    /// smaller. k is the largest whose upper quantile at the confidence is within the rate, and whose mean,
    /// k / (n + 1), is too.
    public func rank(sampleCount: Int, rowsInRequest: Int = 1) -> Int? {
        let rate = rate(ofRequestWithRows: rowsInRequest)
        let onAverage = Int((rate * Double(sampleCount + 1) * (1 + Promise.rounding)).rounded(.down))
        var kept = 0
        var refused = min(onAverage, sampleCount) + 1
        // The probability that the rate is kept falls as k grows.
        while refused - kept > 1 {
            let middle = (kept + refused) / 2
            if isKept(rate, rank: middle, sampleCount: sampleCount) { kept = middle } else { refused = middle }
        }
        return kept == 0 ? nil : kept
    }

    private func isKept(_ rate: Double, rank: Int, sampleCount: Int) -> Bool {
        if confidence == 0 { return true }
        let probability = IncompleteBeta.regularized(rate, a: Double(rank), b: Double(sampleCount + 1 - rank))
        return probability >= confidence - Promise.rounding
    }

    /// The fewest clean scores that carry the promise for requests of that many rows.
    public func neededSampleCount(rowsInRequest: Int = 1) -> Int {
        let rate = rate(ofRequestWithRows: rowsInRequest)
        let onAverage = (1 / rate).rounded(.up) - 1
        let confident = confidence == 0 ? 0 : (log1p(-confidence) / log1p(-rate)).rounded(.up)
        // The closed forms are exact but for rounding; the rule itself decides.
        var count = max(Int(min(max(onAverage, confident), 1e15)) - 2, 1)
        while rank(sampleCount: count, rowsInRequest: rowsInRequest) == nil { count += 1 }
        return count
    }

    /// The smallest rate that so many clean scores carry, for requests of one row: 1 / (n + 1) on average, and
    /// 1 − (1 − confidence)^(1 / n) with a confidence.
    public func smallestRate(sampleCount: Int) -> Double {
        let count = Double(max(sampleCount, 1))
        return max(1 / (count + 1), -expm1(log1p(-confidence) / count))
    }

    /// The largest request whose rows the calibration can still hold to rate / n; nil where the rate is counted by row.
    public func largestRequest(sampleCount: Int) -> Int? {
        guard unit == .request else { return nil }
        var carried = 0
        var refused = sampleCount + 2
        while refused - carried > 1 {
            let middle = (carried + refused) / 2
            if rank(sampleCount: sampleCount, rowsInRequest: middle) != nil {
                carried = middle
            } else {
                refused = middle
            }
        }
        return carried
    }
}
