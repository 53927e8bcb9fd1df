/// What becomes of a request.
public enum InferenceOutcome: Sendable {
    /// The sender gets outputs.
    case answered(InferenceAnswer)

    /// The chain flagged a row and the mode is enforce: the sender learns that, and nothing more.
    case rejected

    /// The request did not come to a verdict.
    case refused(RequestFault)
}

/// Outputs, and as much of the verdict as the operator lets out.
public struct InferenceAnswer: Sendable {
    /// The wanted outputs, in the order wanted. With `on-flag: withhold-rows`, flagged rows are NaN already.
    public let outputs: [NamedTensor]

    /// What the reply tells of the guard.
    public let disclosure: Disclosure

    /// What detectors report of the rows beside their scores, where the operator lets scores out: `picket_` and the fact's
    /// name, float32 [n], NaN where there is nothing to say of a row.
    public let facts: [NamedTensor]

    public init(outputs: [NamedTensor], disclosure: Disclosure, facts: [NamedTensor] = []) {
        self.outputs = outputs
        self.disclosure = disclosure
        self.facts = facts
    }

    /// The operator's `disclose`, with the facts that it lets out.
    public enum Disclosure: Sendable, Hashable {
        /// The reply looks as if there were no guard.
        case none

        /// Which rows were flagged.
        case verdict(flagged: [Bool])

        /// Also each row's score (higher is more suspicious), and the name of the record kept of the request.
        case score(flagged: [Bool], scores: [Float], record: String?)
    }
}

/// Why a request did not come to a verdict. Each says enough for a sentence that helps its sender.
public enum RequestFault: Error, Sendable, Hashable {
    /// No served model has this name (404).
    case unknownModel(String)

    /// A part of the request is not what the model wants (400).
    case invalid(field: String, found: String, expected: String)

    /// More than the daemon takes at once (413).
    case tooLarge(field: String, found: Int, limit: Int)

    /// As many rows wait already as may (429).
    case queueFull(waiting: Int, limit: Int)

    /// Its time ran out before the answer came (504).
    case deadlinePassed(after: Duration)

    /// A detector failed, and the failure policy is closed (503). Which one is the operator's to know: it stands in
    /// the event, not here.
    case detectorFailed

    /// The daemon is still loading, or already leaving (503).
    case notReady(String)

    /// The sender has gone; nobody reads the answer.
    case cancelled

    /// The daemon's own fault (500); the text is safe to show.
    case failed(String)
}
