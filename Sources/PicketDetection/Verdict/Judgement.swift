/// The conclusion on a row.
public enum Verdict: String, Sendable, Hashable, Codable {
    case pass
    case flag
    /// A detector could not judge: the failure policy decides. Never a pass.
    case error
}

/// What one detector contributed.
public struct DetectorJudgement: Sendable, Hashable {
    public var name: String
    /// What the method makes of its family (two-level: a normal score); higher is more suspicious.
    public var score: Double
    public var pValue: Double
    /// The clean score beyond which this detector alone would flag at the chain's promise.
    public var threshold: Double
    /// By name, in the order of declaration.
    public var components: [(name: String, value: Double)]

    public init(
        name: String,
        score: Double,
        pValue: Double,
        threshold: Double,
        components: [(name: String, value: Double)]
    ) {
        self.name = name
        self.score = score
        self.pValue = pValue
        self.threshold = threshold
        self.components = components
    }

    /// What the detector alone would say.
    public var isFlagged: Bool { score > threshold }

    public static func == (left: DetectorJudgement, right: DetectorJudgement) -> Bool {
        left.name == right.name && left.score == right.score && left.pValue == right.pValue
            && left.threshold == right.threshold
            && left.components.elementsEqual(right.components) { $0.name == $1.name && $0.value == $1.value }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(score)
    }
}

/// The chain's conclusion on a row, with its evidence.
public struct Judgement: Sendable, Hashable {
    public var verdict: Verdict
    /// The chain's score; nil under ``Verdict/error``.
    public var score: Double?
    public var threshold: Double
    /// The conformal p-value of the score; nil under ``Verdict/error``.
    public var pValue: Double?
    /// Empty under ``Verdict/error``.
    public var detectors: [DetectorJudgement]
    /// Under ``Verdict/error``, the detectors that failed and why.
    public var failures: [DetectorFailure]

    public init(
        verdict: Verdict,
        score: Double?,
        threshold: Double,
        pValue: Double?,
        detectors: [DetectorJudgement],
        failures: [DetectorFailure]
    ) {
        self.verdict = verdict
        self.score = score
        self.threshold = threshold
        self.pValue = pValue
        self.detectors = detectors
        self.failures = failures
    }
}

/// A detector that could not judge a row.
public struct DetectorFailure: Sendable, Hashable {
    public var detector: String
    public var reason: String

    public init(detector: String, reason: String) {
        self.detector = detector
        self.reason = reason
    }
}
