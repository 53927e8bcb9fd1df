import Foundation
import PicketDetection
import PicketTensor
import Testing

@Suite("Facts and the served answer")
struct ReportTests {
    @Test func declared() throws {
        let chain = try ChainFixture.chain(["plain", "facts", "answer"])
        #expect(chain.detectors.map(\.facts) == [[], ["certified-radius", "quiet"], ["certified-radius"]])
        #expect(chain.detectors.map(\.answers) == [false, false, true])
    }

    @Test(arguments: [
        (["fact-garbage"], [], "more than 64 facts of a detector"),
        (["facts"], ["-DNO_REPORT"], "fact \"certified-radius\": the plugin's table has no report"),
        (["answer", "answer"], [], "detector \"answer\" of this chain gives the served answer"),
    ])
    func refused(modes: [String], flags: [String], reason: String) {
        let fault = #expect(throws: ChainFault.self) { try ChainFixture.chain(modes, flags: flags) }
        guard case .plugin(.refused(_, "plan", let message))? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(message.contains(reason), "\(message)")
    }

    /// Facts are each row's own, NaN where there is nothing to say; repeated rows get what the first got.
    @Test func facts() async throws {
        let chain = try ChainFixture.chain(["plain", "facts"])
        let rows = Tensor.concatenatingRows([ChainFixture.rows(3), ChainFixture.rows(1)])
        let evaluation = try await chain.evaluate(rows, servedOutputs: ["logits"], key: ChainFixture.key)
        for (index, row) in evaluation.rows.enumerated() {
            #expect(row.facts.count == 2)
            #expect(row.facts[0].isEmpty)
            #expect(row.facts[1][0] == Double(rows.row(index).elements(of: Float.self)[0]))
            #expect(row.facts[1][1].isNaN)
            #expect(
                evaluation.servedOutputs[0].row(index).elements(of: Float.self)
                    == FakeRunner.logits(rows.row(index).elements(of: Float.self), model: "served")
            )
        }
    }

    /// The answer is in the first output's place, and the prediction is its.
    @Test func answer() async throws {
        let chain = try ChainFixture.chain(["answer", "plain"])
        let rows = Tensor.concatenatingRows([ChainFixture.rows(5), ChainFixture.rows(2)])
        for outputs in [["logits", "labels"], ["labels", "logits"], ["labels"]] {
            let evaluation = try await chain.evaluate(rows, servedOutputs: outputs, key: ChainFixture.key)
            for (index, row) in evaluation.rows.enumerated() {
                let first = rows.row(index).elements(of: Float.self)[0]
                let label = Int(first * 4) % 4
                #expect(row.prediction?.label == label)
                #expect(abs((row.prediction?.confidence ?? 0) - 0.7) < 1e-6)
                if let place = outputs.firstIndex(of: "logits") {
                    let served = evaluation.servedOutputs[place].row(index).elements(of: Float.self)
                    #expect(served == (0..<4).map { logf($0 == label ? 0.7 : 0.1) })
                }
                let labels = try #require(outputs.firstIndex(of: "labels"))
                #expect(evaluation.servedOutputs[labels].row(index).elements(of: Int64.self) == [Int64(first * 10)])
            }
        }
    }

    /// Where the model's output is probabilities, so is the answer.
    @Test func answerAsProbabilities() async throws {
        let runner = FakeRunner(outputKind: .probabilities)
        let chain = try ChainFixture.chain(["answer"], runner: runner)
        let evaluation = try await chain.evaluate(
            ChainFixture.rows(3),
            servedOutputs: ["logits"],
            key: ChainFixture.key
        )
        for row in 0..<3 {
            let served = evaluation.servedOutputs[0].row(row).elements(of: Float.self).sorted()
            #expect(zip(served, [0.1, 0.1, 0.1, 0.7]).allSatisfy { abs($0 - Float($1)) < 1e-6 })
        }
    }

    @Test func noClassifierHasNoAnswer() {
        let runner = FakeRunner(outputKind: .tensor)
        let fault = #expect(throws: ChainFault.self) { try ChainFixture.chain(["answer"], runner: runner) }
        #expect("\(String(describing: fault))".contains("is no classifier"))
    }

    /// A report that can't be is the detector's failure on that row: the model's own answer stays, and no facts.
    @Test(arguments: [
        ("infinite-answer", "the answer for class 2 is -inf", 1),
        ("wrong-answer", "probabilities add up to", 1),
        ("infinite-fact", "fact certified-radius is inf", 4),
        ("fail-report", "report says no", 4),
    ])
    func failure(mode: String, reason: String, failing: Int) async throws {
        let chain = try ChainFixture.chain([mode, "facts"])
        let rows = ChainFixture.rows(4)
        let evaluation = try await chain.evaluate(rows, servedOutputs: ["logits"], key: ChainFixture.key)
        for (index, row) in evaluation.rows.enumerated() {
            #expect(row.facts[1].count == 2)
            guard index < failing else {
                #expect(ChainFixture.components(row.outcomes[0]) != nil)
                #expect(row.facts[0].count == 1)
                continue
            }
            guard case .failed(let message) = row.outcomes[0] else {
                Issue.record("a failure was taken for a report")
                continue
            }
            #expect(message.contains(reason), "\(message)")
            #expect(row.facts[0].isEmpty)
            let row = rows.row(index).elements(of: Float.self)
            #expect(
                evaluation.servedOutputs[0].row(index).elements(of: Float.self)
                    == FakeRunner.logits(row, model: "served")
            )
        }
    }

    @Test func digestCoversThem() throws {
        let digests = try ["plain", "facts", "answer"].map { mode in
            var specification = try ChainFixture.specification([mode])
            specification.detectors[0].name = "one"
            return try Chain(specification, runner: FakeRunner(), log: { _, _, _ in }).digest.parts
        }
        #expect(Set(digests.map { $0.first { $0.name == "detector one" } }).count == 3)
    }
}

@Suite("Plugins of version 1.0")
struct OldPluginTests {
    /// A table that ends before the members of 1.1, with nothing readable behind it, works as it did.
    @Test func loadsAndScores() async throws {
        let old = try ProbePlugin.plugin([ProbePlugin.old])
        #expect(!old.learns)
        #expect(try ProbePlugin.plugin([ProbePlugin.old, "-DLEARNS"]).learns)
        let rows = ChainFixture.rows(5)
        let modes = ["plain", "member", "deep", "drawn"]
        let chain = try ChainFixture.chain(modes, flags: [ProbePlugin.old])
        let today = try ChainFixture.chain(modes)
        #expect(chain.digest == today.digest)
        let found = try await chain.evaluate(rows, servedOutputs: [], key: ChainFixture.key)
        let expected = try await today.evaluate(rows, servedOutputs: [], key: ChainFixture.key)
        #expect(found.rows == expected.rows)
    }

    @Test func shorterThanItsVersionIsRefused() throws {
        let directory = try ProbePlugin.directory(["-DSIZE=(sizeof(picket_plugin)-16)"])
        #expect(throws: PluginFault.self) { try Plugin(named: "probe", in: [directory]) }
        let larger = try ProbePlugin.directory(["-DSIZE=(sizeof(picket_plugin)+64)"])
        #expect(try Plugin(named: "probe", in: [larger]).name == "probe")
    }
}
