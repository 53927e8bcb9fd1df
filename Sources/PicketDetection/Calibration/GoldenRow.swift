public import PicketCrypto
public import PicketTensor

/// A clean row and what the chain found on it at calibration: the daemon is ready when it finds the same.
public struct GoldenRow: Sendable, Hashable {
    /// The canonical row's extents.
    public var shape: [Int]
    /// The canonical row, float32, row-major.
    public var elements: [Float]
    /// By detector, its components, with draws from ``drawKey``.
    public var components: [[Double]]
    /// The chain's score of these.
    public var score: Double

    /// How far a component may lie from what was recorded, relative to its size or to one: kernels of different CPUs add
    /// up in different orders.
    public static let tolerance = 1e-3

    /// Where the golden row's random draws come from: a public constant, since the daemon's own key is not the one that
    /// calibrated. It guards nothing.
    public static var drawKey: RandomnessKey {
        RandomnessKey(publicConstant: SHA256Digest(of: "picket golden row 1"))
    }

    /// How far the score may lie from what was recorded, relative to its size or to one: between clean values, ranks turn
    /// a small difference of a component into a larger one of the score.
    public static let scoreTolerance = 0.05

    /// What differs from the recorded score; nil where the judge still says the same.
    public func difference(from judgement: Judgement) -> String? {
        guard let found = judgement.score, abs(found - score) <= GoldenRow.scoreTolerance * max(1, abs(score)) else {
            return "golden row: score \(judgement.score.map { "\($0)" } ?? "(none)"), recorded \(score)"
        }
        return nil
    }

    /// The row as a batch of one, [1, …].
    public var rows: Tensor {
        Tensor(elements, shape: Shape([1] + shape))
    }

    /// What differs from the recorded components; nil where the chain still finds the same.
    public func difference(from evaluation: RowEvaluation, detectors: [DetectorFacts]) -> String? {
        guard evaluation.outcomes.count == components.count, detectors.count == components.count else {
            return "golden row: \(evaluation.outcomes.count) detectors, recorded \(components.count)"
        }
        for (index, outcome) in evaluation.outcomes.enumerated() {
            guard case .components(let found) = outcome else {
                if case .failed(let reason) = outcome {
                    return "golden row: detector \(detectors[index].name.quoted) failed: \(reason)"
                }
                continue
            }
            guard found.count == components[index].count, found.count == detectors[index].components.count else {
                return "golden row: detector \(detectors[index].name.quoted) gives other components than recorded"
            }
            for (component, (value, expected)) in zip(found, components[index]).enumerated()
            where !(abs(value - expected) <= GoldenRow.tolerance * max(1, abs(expected))) {
                return "golden row: component \(detectors[index].components[component]) of detector "
                    + "\(detectors[index].name.quoted) is \(value), recorded \(expected)"
            }
        }
        return nil
    }
}
