import PicketConfiguration
import PicketDetection
import PicketRuntime
import PicketTensor
import Testing

@Suite struct DisclosedFactTests {
    private static func detector(_ name: String, _ facts: [String]) -> DetectorFacts {
        DetectorFacts(name: name, plugin: name, version: "1", components: ["c"], learns: false, facts: facts)
    }

    private static func row(_ facts: [[Double]]) -> RowEvaluation {
        RowEvaluation(outcomes: [], facts: facts, inputDigest: "", prediction: nil)
    }

    @Test(arguments: [
        ([("noise-stability", ["certified-radius", "votes"])], ["picket_certified_radius", "picket_votes"]),
        ([("a", []), ("b", ["x"])], ["picket_x"]),
        ([("a", ["x"]), ("a-2", ["x"])], ["picket_x", "picket_a_2_x"]),
        ([("b", ["x", "a-x"]), ("a", ["x"])], ["picket_x", "picket_a_x", "picket_a_x_2"]),
    ])
    func names(detectors: [(String, [String])], expected: [String]) {
        let facts = DisclosedFacts(detectors.map { DisclosedFactTests.detector($0.0, $0.1) })
        #expect(facts.names == expected)
    }

    /// NaN where there is nothing to say, where the detector failed, and where the answer is withheld.
    @Test func tensors() {
        let facts = DisclosedFacts([
            DisclosedFactTests.detector("a", []), DisclosedFactTests.detector("b", ["x", "y"]),
        ])
        let rows = [
            DisclosedFactTests.row([[], [0.5, 1]]), DisclosedFactTests.row([[], []]),
            DisclosedFactTests.row([[], [.nan, 2]]), DisclosedFactTests.row([[], [3, 4]]),
        ]
        let found = facts.tensors(rows, withheld: [false, false, false, true])
        #expect(found.map(\.name) == ["picket_x", "picket_y"])
        let numbers = found.map { $0.tensor.elements(of: Float.self).map { $0.isNaN ? -1 : $0 } }
        #expect(numbers == [[0.5, -1, -1, -1], [1, -1, 2, -1]])
    }

    /// Facts are told with scores and never otherwise.
    @Test(arguments: [
        (PicketConfiguration.Chain.Disclosure.none, 0), (.verdict, 0), (.score, 1),
    ])
    func toldWithScoresAlone(disclose: PicketConfiguration.Chain.Disclosure, count: Int) {
        let policy = DecisionTests.policy(.enforce, onFlag: .withholdRows, disclose: disclose)
        let decision = Decision(DecisionTests.judgements([.pass, .flag]), rowCount: 2, policy: policy)
        var asked: [[Bool]] = []
        let outcome = decision.outcome(outputs: [], policy: policy) { withheld in
            asked.append(withheld)
            return [NamedTensor(name: "picket_x", tensor: Tensor([1, 2] as [Float], shape: [2]))]
        }
        guard case .answered(let answer) = outcome else {
            Issue.record("the other row is answered")
            return
        }
        #expect(answer.facts.count == count)
        #expect(asked == (count == 0 ? [] : [[false, true]]))
    }
}
