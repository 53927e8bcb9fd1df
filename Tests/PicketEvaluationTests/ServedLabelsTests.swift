import PicketCrypto
import PicketDetection
import PicketEvaluation
import PicketRuntime
import Testing

@Suite("Labels as served") struct ServedLabelsTests {
    private static let answering =
        "{ plugin: noise-stability, config: { deviation: 0.6, certify: { selection: 2, estimation: 14 } } }"

    private static func labels(_ detector: String) async throws -> (served: [Int?], chain: [Int?]) {
        let configuration = try ExampleStudy.configuration([detector])
        let store = try ModelStore(configuration)
        defer { store.close() }
        let policy = try #require(configuration.chain(forModel: "fashion"))
        let chain = try Chain(store.specification(of: policy), runner: store.runner) { _, _, _ in }
        let facts = try #require(store.runner.facts(of: "fashion"))
        let key = RandomnessKey(publicConstant: SHA256Digest(of: "labels"))
        let rows = try ExampleStudy.rows(24)
        return (
            try await ServedLabels(chain, facts, runner: store.runner, key: key).labels(of: rows),
            try await chain.evaluate(rows, servedOutputs: [], key: key).rows.map { $0.prediction?.label }
        )
    }

    /// Where a detector answers, clients see its label: whether a clean row was right before an attack hangs on that one.
    @Test func ofADetectorThatAnswers() async throws {
        let smoothed = try await Self.labels(Self.answering)
        #expect(smoothed.served == smoothed.chain)
        let plain = try await Self.labels("{ plugin: feature-squeezing, config: { squeezers: [ { bit-depth: 3 } ] } }")
        #expect(plain.served == plain.chain)
        #expect(smoothed.served != plain.served)
    }
}
