import PicketConfiguration
import PicketDetection
import PicketRuntime
import PicketTensor
import Testing

@Suite struct DecisionTests {
    static func policy(
        _ mode: PicketConfiguration.Chain.Mode,
        onFlag: PicketConfiguration.Chain.OnFlag = .rejectRequest,
        onFailure: PicketConfiguration.Chain.FailurePolicy = .closed,
        disclose: PicketConfiguration.Chain.Disclosure = .verdict
    ) -> PicketConfiguration.Chain {
        let place = SourceLocation(line: 1, column: 1, key: "chains[0]")
        var policy = PicketConfiguration.Chain(
            model: "m",
            calibration: ConfiguredPath(written: "c", resolved: "/c", location: place),
            detectors: [],
            location: place
        )
        policy.mode = mode
        policy.onFlag = onFlag
        policy.onFailure = onFailure
        policy.disclose = disclose
        return policy
    }

    static func judgements(_ verdicts: [Verdict]) -> [Judgement] {
        verdicts.map { verdict in
            Judgement(
                verdict: verdict,
                score: verdict == .error ? nil : (verdict == .flag ? 9 : 1),
                threshold: 5,
                pValue: verdict == .error ? nil : 0.5,
                detectors: [],
                failures: verdict == .error ? [DetectorFailure(detector: "d", reason: "r")] : []
            )
        }
    }

    struct Case: Sendable {
        var verdicts: [Verdict]
        var mode: PicketConfiguration.Chain.Mode
        var onFlag = PicketConfiguration.Chain.OnFlag.rejectRequest
        var onFailure = PicketConfiguration.Chain.FailurePolicy.closed
        var action: Decision.Action
    }

    @Test(arguments: [
        Case(verdicts: [.pass, .pass], mode: .enforce, action: .allow),
        Case(verdicts: [.pass, .flag], mode: .enforce, action: .reject),
        Case(verdicts: [.pass, .flag], mode: .enforce, onFlag: .withholdRows, action: .withhold),
        Case(verdicts: [.pass, .flag], mode: .monitor, action: .allow),
        Case(verdicts: [.pass, .flag], mode: .monitor, onFlag: .withholdRows, action: .allow),
        Case(verdicts: [.error, .pass], mode: .enforce, action: .refuse),
        Case(verdicts: [.error, .flag], mode: .enforce, action: .refuse),
        Case(verdicts: [.error, .pass], mode: .enforce, onFailure: .open, action: .allow),
        Case(verdicts: [.error, .flag], mode: .enforce, onFailure: .open, action: .reject),
        Case(verdicts: [.error, .flag], mode: .monitor, action: .allow),
        Case(verdicts: [], mode: .monitor, action: .allow),
    ])
    func actionFollowsFromVerdictsAndPolicy(test: Case) {
        let decision = Decision(
            DecisionTests.judgements(test.verdicts),
            rowCount: 2,
            policy: DecisionTests.policy(test.mode, onFlag: test.onFlag, onFailure: test.onFailure)
        )
        #expect(decision.action == test.action)
        #expect(decision.flagged.count == 2)
    }

    @Test func aRejectedRequestCarriesNothing() {
        let policy = DecisionTests.policy(.enforce, disclose: .score)
        let decision = Decision(DecisionTests.judgements([.flag]), rowCount: 1, policy: policy)
        let output = NamedTensor(name: "y", tensor: Tensor([1, 2] as [Float], shape: [1, 2]))
        guard case .rejected = decision.outcome(outputs: [output], policy: policy) else {
            Issue.record("a flagged request is rejected")
            return
        }
    }

    @Test func withheldRowsAreNotNumbersAndTheOthersAreUntouched() throws {
        let policy = DecisionTests.policy(.enforce, onFlag: .withholdRows)
        let decision = Decision(DecisionTests.judgements([.pass, .flag, .pass]), rowCount: 3, policy: policy)
        let output = NamedTensor(name: "y", tensor: Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]))
        guard case .answered(let answer) = decision.outcome(outputs: [output], policy: policy) else {
            Issue.record("the other rows are answered")
            return
        }
        let numbers: [Float] = answer.outputs[0].tensor.elements()
        #expect(Array(numbers[..<2]) == [1, 2])
        #expect(numbers[2].isNaN && numbers[3].isNaN)
        #expect(Array(numbers[4...]) == [5, 6])
        #expect(answer.disclosure == .verdict(flagged: [false, true, false]))
    }

    @Test(arguments: [
        (PicketConfiguration.Chain.Disclosure.none, InferenceAnswer.Disclosure.none),
        (.verdict, .verdict(flagged: [false, true])),
        (.score, .score(flagged: [false, true], scores: [1, 9], record: nil)),
    ])
    func disclosesWhatTheOperatorChose(
        disclose: PicketConfiguration.Chain.Disclosure,
        expected: InferenceAnswer.Disclosure
    ) {
        let policy = DecisionTests.policy(.monitor, disclose: disclose)
        let decision = Decision(DecisionTests.judgements([.pass, .flag]), rowCount: 2, policy: policy)
        guard case .answered(let answer) = decision.outcome(outputs: [], policy: policy) else {
            Issue.record("monitor always answers")
            return
        }
        #expect(answer.disclosure == expected)
    }
}
