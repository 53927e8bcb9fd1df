import Glibc
import PicketPluginSDK
import PicketTransforms

/// Finds the temperature that makes a model's answers most likely: least mean of −ln softmax(ln p / T)[label] (Guo and others,
/// "On Calibration of Modern Neural Networks", ICML 2017).
struct TemperatureFit {
    /// Log-probabilities less the label's, row by row: what the likelihood is made of.
    private var differences: [Float] = []
    private var rows: [Range<Int>] = []

    init() {}

    /// - Throws: ``DetectorFault`` where the label is no class, or the answer no distribution.
    mutating func add(_ logProbabilities: Span<Float>, label: Int) throws {
        let answer = try ClassDistribution(logProbabilities: logProbabilities).logarithms
        guard answer.indices.contains(label) else {
            throw DetectorFault.failed("a clean row has label \(label), the model \(answer.count) classes")
        }
        let start = differences.count
        differences += answer.map { Float($0 - answer[label]) }
        rows.append(start..<differences.count)
    }

    /// Within ``Temperatures/range``; 1 where there are no rows.
    ///
    /// The loss is convex in s = 1 / T, so bisection on the sign of its derivative finds the least.
    var temperature: Double {
        guard !rows.isEmpty else { return 1 }
        var low = 1 / Temperatures.range.upperBound
        var high = 1 / Temperatures.range.lowerBound
        if slope(low) >= 0 { return 1 / low }
        if slope(high) <= 0 { return 1 / high }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if slope(middle) < 0 { low = middle } else { high = middle }
        }
        return min(max(2 / (low + high), Temperatures.range.lowerBound), Temperatures.range.upperBound)
    }

    /// d/ds Σ ln Σ exp(s · d) = Σ (Σ d exp(s · d) / Σ exp(s · d)).
    private func slope(_ sharpness: Double) -> Double {
        rows.reduce(0) { total, row in
            let peak = differences[row].reduce(0) { max($0, Double($1)) }
            var sum = 0.0
            var weighted = 0.0
            for difference in differences[row] {
                let weight = exp(sharpness * (Double(difference) - peak))
                sum += weight
                weighted += weight * Double(difference)
            }
            return total + weighted / sum
        }
    }
}
