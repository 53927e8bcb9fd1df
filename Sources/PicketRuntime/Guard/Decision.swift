package import PicketConfiguration
package import PicketDetection
import PicketTensor

/// What follows from a chain's findings on a request: pure, by the chain's policy.
package struct Decision: Sendable {
    /// What becomes of the whole request.
    package enum Action: Sendable, Hashable {
        /// The answer leaves as it is.
        case allow
        /// The answer leaves without the outputs of flagged rows.
        case withhold
        /// A flagged row: no answer.
        case reject
        /// A detector failed and the policy is closed: no answer.
        case refuse
    }

    package let action: Action
    /// By row. Empty where no calibration vouches for verdicts.
    package let judgements: [Judgement]
    /// By row, whether its score passed the threshold.
    package let flagged: [Bool]

    /// - Parameters:
    ///   - judgements: by row; empty where no calibration vouches for verdicts.
    ///   - rowCount: rows of the request.
    package init(_ judgements: [Judgement], rowCount: Int, policy: PicketConfiguration.Chain) {
        self.judgements = judgements
        flagged =
            judgements.isEmpty
            ? Array(repeating: false, count: rowCount) : judgements.map { $0.verdict == .flag }
        let hasFailed = judgements.contains { $0.verdict == .error }
        switch policy.mode {
        case .monitor:
            action = .allow
        case .enforce:
            if hasFailed, policy.onFailure == .closed {
                action = .refuse
            } else if flagged.contains(true) {
                action = policy.onFlag == .rejectRequest ? .reject : .withhold
            } else {
                action = .allow
            }
        }
    }

    /// What the sender gets.
    ///
    /// - Parameter facts: makes the reply's facts, where it may carry any; it is given the rows whose answer is withheld.
    package func outcome(
        outputs: [NamedTensor],
        policy: PicketConfiguration.Chain,
        facts: (_ withheld: [Bool]) -> [NamedTensor] = { _ in [] }
    ) -> InferenceOutcome {
        switch action {
        case .refuse: return .refused(.detectorFailed)
        case .reject: return .rejected
        case .allow, .withhold:
            let withheld = action == .withhold ? flagged : flagged.map { _ in false }
            let disclosure = disclosure(policy.disclose)
            let mayTellFacts = if case .score = disclosure { true } else { false }
            return .answered(
                InferenceAnswer(
                    outputs: action == .allow
                        ? outputs : outputs.map { NamedTensor(name: $0.name, tensor: self.withheld($0.tensor)) },
                    disclosure: disclosure,
                    facts: mayTellFacts ? facts(withheld) : []
                )
            )
        }
    }

    private func disclosure(_ disclose: PicketConfiguration.Chain.Disclosure) -> InferenceAnswer.Disclosure {
        // Without a calibration there is no verdict to tell.
        if judgements.isEmpty { return .none }
        switch disclose {
        case .none: return .none
        case .verdict: return .verdict(flagged: flagged)
        case .score:
            // A failed row has no score; it is not a number, which both ends of the wire can say.
            return .score(flagged: flagged, scores: judgements.map { Float($0.score ?? .nan) }, record: nil)
        }
    }

    /// The tensor with NaN in every element of flagged rows.
    private func withheld(_ tensor: Tensor) -> Tensor {
        var tensor = tensor
        let rowBytes = tensor.byteCount / max(tensor.rowCount, 1)
        let pattern = tensor.elementType.notANumber
        tensor.withUnsafeMutableBytes { bytes in
            for row in flagged.indices where flagged[row] {
                for index in 0..<rowBytes { bytes[row * rowBytes + index] = pattern[index % pattern.count] }
            }
        }
        return tensor
    }
}

extension ElementType {
    /// The bytes of a quiet NaN, little-endian.
    fileprivate var notANumber: [UInt8] {
        switch self {
        case .float16: [0x00, 0x7e]
        case .bfloat16: [0xc0, 0x7f]
        case .float32: [0x00, 0x00, 0xc0, 0x7f]
        case .float64: [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]
        default: preconditionFailure("rows are withheld from float outputs alone: that is checked at load")
        }
    }
}
