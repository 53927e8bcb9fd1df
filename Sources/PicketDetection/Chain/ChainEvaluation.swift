public import PicketTensor

/// What one detector made of one row.
public enum DetectorOutcome: Sendable, Hashable {
    /// A finite number for each component that the detector declared, in that order.
    case components([Double])
    /// The detector could not judge the row: the chain's failure policy decides, and it is never a pass.
    case failed(String)
}

/// The served model's answer on a row.
public struct Prediction: Sendable, Hashable {
    /// The most probable class; the lowest such index where several are equal.
    public var label: Int
    /// Its probability.
    public var confidence: Float

    public init(label: Int, confidence: Float) {
        self.label = label
        self.confidence = confidence
    }
}

/// What the chain found for one row.
public struct RowEvaluation: Sendable, Hashable {
    /// One outcome for each detector of the chain, in its order.
    public var outcomes: [DetectorOutcome]
    /// By detector, the facts that it declared, in that order; NaN where it has nothing to say of this row, and none at all
    /// where it failed.
    public var facts: [[Double]]
    /// SHA-256 of the canonical row's bytes (float32, little-endian), lower-case hexadecimal.
    public var inputDigest: String
    /// Of the served answer: a detector's, where one gives it. nil where the served model is no classifier, or its output on
    /// this row is not finite.
    public var prediction: Prediction?

    public init(
        outcomes: [DetectorOutcome],
        facts: [[Double]] = [],
        inputDigest: String,
        prediction: Prediction?
    ) {
        self.outcomes = outcomes
        self.facts = facts
        self.inputDigest = inputDigest
        self.prediction = prediction
    }
}

/// What the chain found for the rows of a request.
public struct ChainEvaluation: Sendable {
    /// One evaluation for each row, in order.
    public var rows: [RowEvaluation]
    /// The verdict on each row, in order; empty where no judge was asked.
    public var judgements: [Judgement]
    /// The served model's outputs [n, …], in the order they were asked for; where a detector gives the answer, the primary
    /// one is its, on every row on which it did not fail.
    public var servedOutputs: [Tensor]
    /// Forward passes that the whole request took.
    public var forwardPasses: Int

    public init(
        rows: [RowEvaluation],
        judgements: [Judgement] = [],
        servedOutputs: [Tensor],
        forwardPasses: Int
    ) {
        self.rows = rows
        self.judgements = judgements
        self.servedOutputs = servedOutputs
        self.forwardPasses = forwardPasses
    }
}
