import Foundation
import PicketDetection
import PicketTensor
import Testing

@Suite("Layers of models")
struct LayerTests {
    /// Layers come with the passes that are there anyway; only a pass that somebody wants layers of names them.
    @Test(arguments: [
        (["pool"], [("served", 1, ["hidden"])]),
        (["plain", "pool", "pool"], [("served", 2, ["hidden"])]),
        (["layers"], [("served", 2, ["hidden", "same"]), ("served", 1, [])]),
        (["layers", "member"], [("other", 2, []), ("served", 1, []), ("served", 2, ["hidden", "same"])]),
        (["plain"], [("served", 2, [])]),
    ])
    func passes(modes: [String], expected: [(String, Int, [String])]) async throws {
        let runner = FakeRunner()
        let chain = try ChainFixture.chain(modes, runner: runner)
        let layers = Set(expected.flatMap { $0.2 }).sorted()
        #expect(runner.preparedLayers == (layers.isEmpty ? [:] : ["served": layers]))
        _ = try await chain.evaluate(ChainFixture.rows(7), servedOutputs: [], key: ChainFixture.key)
        let found = runner.passes.map { "\($0.model) \($0.rows) \($0.layers)" }.sorted()
        #expect(found == expected.map { "\($0.0) \($0.1 * 7) \($0.2)" }.sorted())
    }

    /// Wanted layers, variants of layers and of these, and a model run on a layer: the numbers of a direct computation.
    @Test func valuesAreRight() async throws {
        let chain = try ChainFixture.chain(["layers"])
        let rows = ChainFixture.rows(9)
        let evaluation = try await chain.evaluate(rows, servedOutputs: [], key: ChainFixture.key)
        for index in 0..<9 {
            let row = rows.row(index).elements(of: Float.self)
            let shifted = (0..<6).map { row[($0 + 1) % 6] }
            func sum(_ elements: [Float]) -> Double { elements.reduce(0) { $0 + Double($1) } }
            let pooled = sum(FakeRunner.layer("hidden", of: row, model: "served"))
            // Probabilities, the fourth tensor, add up to 1.
            let expected =
                pooled + 2 * 0.5 * pooled + 3 * sum(FakeRunner.layer("hidden", of: shifted, model: "served")) + 4
            let found = try #require(ChainFixture.components(evaluation.rows[index].outcomes[0]))
            #expect(abs(found[0] - expected) < 1e-4)
        }
    }

    @Test func neighboursDoNotMatter() async throws {
        let chain = try ChainFixture.chain(["layers", "plain", "pool", "drawn"])
        let rows = ChainFixture.rows(20)
        let together = try await chain.evaluate(rows, servedOutputs: [], key: ChainFixture.key)
        for row in 0..<20 {
            let alone = try await chain.evaluate(rows.rows(row..<row + 1), servedOutputs: [], key: ChainFixture.key)
            #expect(alone.rows == [together.rows[row]])
        }
    }

    /// What fails while a layer is taken is the row's own failure, and that of the detectors that need it.
    @Test func failureWhileTakingIsTheRowsOwn() async throws {
        let chain = try ChainFixture.chain(["pool", "plain"])
        let evaluation = try await chain.evaluate(ChainFixture.rows(4), servedOutputs: [], key: ChainFixture.key)
        for (index, row) in evaluation.rows.enumerated() {
            if index == 0 {
                guard case .failed(let message) = row.outcomes[0] else {
                    Issue.record("a failure was taken for a judgement")
                    continue
                }
                #expect(message.contains("pool says no"))
            } else {
                #expect(ChainFixture.components(row.outcomes[0]) != nil)
            }
            #expect(ChainFixture.components(row.outcomes[1]) != nil)
        }
    }

    /// More rows than one group holds.
    @Test func manyRows() async throws {
        let chain = try ChainFixture.chain(["layers"])
        let few = try await chain.evaluate(ChainFixture.rows(3, from: 4098), servedOutputs: [], key: ChainFixture.key)
        let many = try await chain.evaluate(ChainFixture.rows(4101), servedOutputs: [], key: ChainFixture.key)
        #expect(Array(many.rows.suffix(3)) == few.rows)
    }
}
