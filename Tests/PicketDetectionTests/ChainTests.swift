import Foundation
import PicketCrypto
import PicketDetection
import PicketTensor
import Testing

@Suite("Evaluating rows")
struct ChainTests {
    /// What detectors share is run once; each model runs once over all rows, also where some of them come later, but for
    /// those that hang on its own results, or on those of a model that waits for it.
    @Test(arguments: [
        (["plain"], [("served", 2)]),
        (["plain", "plain"], [("served", 2)]),
        (["plain", "member", "plain"], [("served", 2), ("other", 2)]),
        (["deep"], [("served", 2), ("other", 1)]),
        (["member", "deep"], [("served", 3), ("other", 2)]),
        (["deep", "crossed"], [("served", 1), ("other", 1), ("served", 1), ("other", 1)]),
        (["unwanted"], [("served", 1)]),
        (["drawn", "drawn"], [("served", 2)]),
        ([], [("served", 1)]),
    ])
    func passes(modes: [String], expected: [(String, Int)]) async throws {
        for count in [1, 5] {
            let runner = FakeRunner()
            let chain = try ChainFixture.chain(modes, runner: runner)
            #expect(chain.passesPerRequest == expected.count)
            let evaluation = try await chain.evaluate(
                ChainFixture.rows(count),
                servedOutputs: ["logits"],
                key: ChainFixture.key
            )
            #expect(evaluation.forwardPasses == expected.count)
            let found = runner.passes.map { "\($0.model) \($0.rows)" }.sorted()
            #expect(found == expected.map { "\($0.0) \($0.1 * count)" }.sorted())
        }
    }

    @Test func forwardPassesAreTheRunners() async throws {
        let runner = FakeRunner(largestBatch: 4)
        let chain = try ChainFixture.chain(["plain"], runner: runner)
        let evaluation = try await chain.evaluate(ChainFixture.rows(5), servedOutputs: [], key: ChainFixture.key)
        #expect(evaluation.forwardPasses == 3)
    }

    @Test func equalRowsAreEvaluatedOnce() async throws {
        let runner = FakeRunner()
        let chain = try ChainFixture.chain(["plain", "drawn"], runner: runner)
        let rows = ChainFixture.rows(3)
        let repeated = Tensor.concatenatingRows([rows, rows.rows(1..<3), rows.rows(0..<1)])
        let once = try await chain.evaluate(rows, servedOutputs: ["logits", "labels"], key: ChainFixture.key)
        let first = runner.passes.count
        let evaluation = try await chain.evaluate(repeated, servedOutputs: ["logits", "labels"], key: ChainFixture.key)
        #expect(runner.passes.dropFirst(first).map(\.rows) == [9])
        #expect(evaluation.rows == [0, 1, 2, 1, 2, 0].map { once.rows[$0] })
        for (output, tensor) in evaluation.servedOutputs.enumerated() {
            #expect(tensor.rowCount == 6)
            for (row, place) in [0, 1, 2, 1, 2, 0].enumerated() {
                #expect(bytes(tensor.row(row)) == bytes(once.servedOutputs[output].row(place)))
            }
        }
    }

    /// Components and outputs equal a direct computation of what the probe defines.
    @Test func valuesAreRight() async throws {
        let chain = try ChainFixture.chain(["plain", "deep"])
        let rows = ChainFixture.rows(4)
        let evaluation = try await chain.evaluate(rows, servedOutputs: ["logits"], key: ChainFixture.key)
        for index in 0..<4 {
            let row = rows.row(index).elements(of: Float.self)
            let shifted = (0..<6).map { row[($0 + 1) % 6] }
            let one = softmax(FakeRunner.logits(row, model: "served"))
            let other = softmax(FakeRunner.logits(shifted, model: "served"))
            let distance = zip(one, other).reduce(0.0) { $0 + abs($1.0 - $1.1) }
            let found = try #require(ChainFixture.components(evaluation.rows[index].outcomes[0]))
            #expect(abs(found[0] - distance) < 1e-6)
            let deep = try #require(ChainFixture.components(evaluation.rows[index].outcomes[1]))
            #expect(abs(deep[0] - row.reduce(0.0) { $0 + Double($1) } * 0.5) < 1e-5)
            let logits = evaluation.servedOutputs[0].row(index).elements(of: Float.self)
            #expect(logits == FakeRunner.logits(row, model: "served"))
            let label = try #require(one.indices.max { one[$0] < one[$1] })
            #expect(evaluation.rows[index].prediction?.label == label)
            #expect(abs(Double(evaluation.rows[index].prediction?.confidence ?? 0) - one[label]) < 1e-6)
            let digest = rows.row(index).withUnsafeBytes { SHA256Digest(of: $0) }
            #expect(evaluation.rows[index].inputDigest == digest.hex)
        }
    }

    /// A row's evaluation is bit-identical whatever lies beside it.
    @Test func neighboursDoNotMatter() async throws {
        let chain = try ChainFixture.chain(["plain", "drawn", "member", "deep", "fail-row"])
        let rows = ChainFixture.rows(40)
        let together = try await chain.evaluate(rows, servedOutputs: ["logits"], key: ChainFixture.key)
        for row in 0..<40 {
            let alone = try await chain.evaluate(
                rows.rows(row..<row + 1),
                servedOutputs: ["logits"],
                key: ChainFixture.key
            )
            #expect(alone.rows == [together.rows[row]])
            #expect(bytes(alone.servedOutputs[0].row(0)) == bytes(together.servedOutputs[0].row(row)))
        }
    }

    @Test func drawsDependOnKeyRowAndChainAlone() async throws {
        func noise(_ chain: Chain, _ rows: Tensor, _ key: RandomnessKey) async throws -> [Double] {
            let evaluation = try await chain.evaluate(rows, servedOutputs: [], key: key)
            return try evaluation.rows.map { row in
                try #require(ChainFixture.components(row.outcomes[0]))[0]
            }
        }
        let chain = try ChainFixture.chain(["drawn"])
        let rows = ChainFixture.rows(10)
        let base = try await noise(chain, rows, ChainFixture.key)
        #expect(Set(base).count == 10)
        #expect(try await noise(chain, rows, ChainFixture.key) == base)
        #expect(try await noise(ChainFixture.chain(["drawn"]), rows, ChainFixture.key) == base)
        #expect(Set(try await noise(chain, rows, ChainFixture.otherKey)).isDisjoint(with: base))
        let otherChain = try ChainFixture.chain(["drawn", "plain"])
        #expect(Set(try await noise(otherChain, rows, ChainFixture.key)).isDisjoint(with: base))
        let otherModel = try ChainFixture.chain(
            ["drawn"],
            runner: FakeRunner(digest: String(repeating: "b", count: 64))
        )
        #expect(Set(try await noise(otherModel, rows, ChainFixture.key)).isDisjoint(with: base))
        // Six uniform draws: their sum's mean is 3, its deviation 0.7; of ten, 0.22.
        #expect(abs(base.reduce(0, +) / 10 - 3) < 1)
    }

    /// Row 0 makes the probe fail; the others, and other detectors, are judged as if nothing had happened.
    @Test(arguments: [("fail-row", "score says no"), ("fail-render", "render says no")])
    func failureIsTheRowsOwn(mode: String, reason: String) async throws {
        let chain = try ChainFixture.chain([mode, "drawn"])
        let evaluation = try await chain.evaluate(ChainFixture.rows(5), servedOutputs: [], key: ChainFixture.key)
        for (index, row) in evaluation.rows.enumerated() {
            if index == 0 {
                guard case .failed(let message) = row.outcomes[0] else {
                    Issue.record("a failure was taken for a judgement")
                    continue
                }
                #expect(message.contains(reason))
            } else {
                #expect(ChainFixture.components(row.outcomes[0]) != nil)
            }
            #expect(ChainFixture.components(row.outcomes[1]) != nil)
        }
    }

    @Test func notANumberIsAFailure() async throws {
        let chain = try ChainFixture.chain(["nan"])
        let evaluation = try await chain.evaluate(ChainFixture.rows(1), servedOutputs: [], key: ChainFixture.key)
        #expect(evaluation.rows[0].outcomes == [.failed("component first is nan, expected a finite number")])
    }

    @Test func manyRowsComeBackInOrder() async throws {
        let chain = try ChainFixture.chain(["drawn", "plain"])
        let few = try await chain.evaluate(ChainFixture.rows(3, from: 4998), servedOutputs: [], key: ChainFixture.key)
        let many = try await chain.evaluate(ChainFixture.rows(5001), servedOutputs: ["logits"], key: ChainFixture.key)
        #expect(many.rows.count == 5001)
        #expect(Array(many.rows.suffix(3)) == few.rows)
        #expect(many.servedOutputs[0].rowCount == 5001)
    }

    private func bytes(_ tensor: Tensor) -> [UInt8] { tensor.withUnsafeBytes { Array($0) } }

    private func softmax(_ logits: [Float]) -> [Double] {
        let exponentials = logits.map { exp(Double($0)) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }
}
