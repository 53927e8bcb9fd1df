import PicketInference
import PicketTensor
import Testing

@Suite("Attention")
struct AttentionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var graph: AttentionGraph
        var testDescription: String { name }
    }

    static let cases: [Case] =
        [
            Case(name: "split as torch exports it", graph: AttentionGraph()),
            Case(name: "split by slices as dynamo does", graph: AttentionGraph(cut: .slices, scale: .roots)),
            Case(name: "split by entries", graph: AttentionGraph(cut: .entries, scale: .scores)),
            Case(name: "three products", graph: AttentionGraph(cut: .products, scale: .divided)),
            Case(name: "heads and rows in one axis", graph: AttentionGraph(cut: .joined)),
            Case(name: "no scale", graph: AttentionGraph(scale: .none)),
            Case(name: "scaled keys", graph: AttentionGraph(scale: .keys)),
            Case(name: "a scale computed of the shape", graph: AttentionGraph(scale: .computed)),
            Case(name: "a mask that clients give", graph: AttentionGraph(scale: .scores, mask: .operand)),
            Case(name: "one token, one head, one number", graph: AttentionGraph(tokens: 1, heads: 1, depth: 1)),
            Case(name: "one head", graph: AttentionGraph(tokens: 5, heads: 1, depth: 4, mask: .full)),
            Case(name: "more rows than a block", graph: AttentionGraph(tokens: 131, heads: 2, depth: 5, mask: .full)),
            Case(name: "windows of 49", graph: AttentionGraph(tokens: 49, heads: 3, depth: 32, mask: .windows)),
            Case(name: "a vision transformer's", graph: AttentionGraph(tokens: 197, heads: 2, depth: 64)),
        ]
        + [.full, .heads, .rows, .columns, .two, .windows, .countedWindows].map { mask in
            Case(name: "mask: \(mask)", graph: AttentionGraph(mask: mask))
        }

    private func fused(_ graph: Graph) throws -> Graph {
        let pipeline = PassPipeline(limits: ImportLimits()) { step in
            if case .failure(let fault) = step.outcome { Issue.record("\(step.pass): \(fault)") }
        }
        return try pipeline.run(graph)
    }

    private func inputs(_ graph: AttentionGraph, rows: Int) -> [String: Tensor] {
        var inputs = [
            "x": Tensor(
                randomFloats(rows * graph.tokens * graph.width, seed: 5),
                shape: Shape([rows, graph.tokens, graph.width])
            )
        ]
        if graph.mask == .operand {
            inputs["mask"] = Tensor(
                randomFloats(rows * graph.tokens, seed: 6).map { $0 * 3 },
                shape: Shape([rows, 1, 1, graph.tokens])
            )
        }
        return inputs
    }

    private func run(_ session: Session, _ inputs: [String: Tensor], _ rows: Range<Int>) throws -> [Float] {
        let answers = try session.run(inputs.mapValues { $0.rows(rows) })
        return try #require(answers.values.first).elements(of: Float.self).map { $0 }
    }

    @Test("becomes one node that computes the same, at every level, in every batch bit by bit", arguments: cases)
    func equal(_ example: Case) throws {
        let written = try example.graph.build()
        let graph = try fused(written)
        #expect(graph.nodes.filter { $0.operatorName == "Attention" }.count == 1, "\(graph.nodes.map(\.operatorName))")
        #expect(!graph.nodes.contains { $0.operatorName == "Softmax" })
        let inputs = inputs(example.graph, rows: 3)
        let ordered = graph.inputs.map { inputs[graph[$0].name] ?? Tensor(zeros: .float32, shape: Shape([])) }
        let expected = try PassTests.evaluate(written, ordered)[0].elements(of: Float.self)
        let reference = try PassTests.evaluate(graph, ordered)[0].elements(of: Float.self)
        let largest = expected.reduce(0) { max($0, abs($1)) }
        for (left, right) in zip(expected, reference) { #expect(abs(left - right) <= 1e-6 * largest) }
        for kernels in allKernels {
            let compiled = try CompiledGraph(graph, kernels: kernels)
            #expect(compiled.batchMode == .dynamic)
            var seen: [UInt32] = []
            for threads in 1...2 {
                let session = Session(compiled, threads: threads)
                let found = try run(session, inputs, 0..<3)
                #expect(found.count == expected.count)
                for (left, right) in zip(expected, found) { #expect(abs(left - right) <= 1e-5 * largest) }
                let alone = try (0..<3).flatMap { try run(session, inputs, $0..<$0 + 1) }
                #expect(alone.map(\.bitPattern) == found.map(\.bitPattern), "\(kernels.level), \(threads) threads")
                if threads == 2 { #expect(seen == found.map(\.bitPattern)) }
                seen = found.map(\.bitPattern)
            }
        }
    }

    @Test("reads what it was cut from, and writes where the heads are joined: nothing is moved", arguments: cases)
    func moves(_ example: Case) throws {
        let session = Session(try CompiledGraph(fused(example.graph.build()), kernels: KernelTable.selected()))
        guard example.graph.mask != .operand else { return }
        let steps = try session.profile(rows: 2, repetitions: 1).map(\.operatorName)
        let own = example.graph.cut == .joined ? 2 : 0
        #expect(steps.filter { ["Split", "Slice", "Gather"].contains($0) }.isEmpty, "\(steps)")
        #expect(steps.filter { $0 == "Transpose" }.count <= own, "\(steps)")
    }

    @Test("needs no memory for the scores")
    func memory() throws {
        let graph = AttentionGraph(tokens: 197, heads: 2, depth: 16)
        let whole = try CompiledModel(graph.build(), kernels: KernelTable.selected()).memory(rows: 1).arenaBytes
        let blocks = try CompiledModel(fused(graph.build()), kernels: KernelTable.selected()).memory(rows: 1).arenaBytes
        #expect(whole - blocks >= 2 * 197 * 197 * 4, "\(whole) and \(blocks) bytes")
    }

    @Test("is left alone where others read a part, and that part is what it was", arguments: 0..<2)
    func parts(_ part: Int) throws {
        let graph = AttentionGraph()
        let written = try graph.build { scores, probabilities, _ in [[scores, probabilities][part]] }
        let after = try fused(written)
        #expect(!after.nodes.contains { $0.operatorName == "Attention" })
        #expect(after.outputs == written.outputs)
    }

    @Test("writes its result as it is where others read that")
    func result() throws {
        let graph = AttentionGraph()
        let written = try graph.build { _, _, result in [result] }
        let after = try fused(written)
        #expect(after.nodes.contains { $0.operatorName == "Attention" })
        let inputs = inputs(graph, rows: 2)
        let x = try #require(inputs["x"])
        let expected = try PassTests.evaluate(written, [x])[1].elements(of: Float.self)
        let answers = try Session(CompiledGraph(after, kernels: KernelTable.selected())).run(inputs)
        let found = try #require(answers[after[after.outputs[1]].name]).elements(of: Float.self)
        for (left, right) in zip(expected, found) { #expect(abs(left - right) < 1e-5) }
    }

    @Test("is none where the softmax runs along another axis", arguments: [0, 1, 2, -2])
    func axis(_ axis: Int) throws {
        let after = try fused(AttentionGraph(axis: axis).build())
        #expect(!after.nodes.contains { $0.operatorName == "Attention" })
    }

    @Test("is none where a mask widens the scores, or is added before the scale")
    func masks() throws {
        for widens in [true, false] {
            var builder = GraphBuilder()
            let queries = builder.input("q", [.batch, .known(1), .known(4), .known(4)])
            let keys = builder.input("k", [.batch, .known(1), .known(4), .known(4)])
            let values = builder.input("v", [.batch, .known(1), .known(4), .known(4)])
            let scores = try builder.node("MatMul", [queries, keys])
            var sums = try builder.node("Add", [scores, builder.weights(widens ? 2 : 1, 4, 4)])
            if !widens { sums = try builder.node("Mul", [sums, builder.weights(1)]) }
            let probabilities = try builder.node("Softmax", [sums], attributes: ["axis": .int(-1)])
            let result = try builder.node("MatMul", [probabilities, values])
            let after = try fused(builder.finish([result]))
            #expect(!after.nodes.contains { $0.operatorName == "Attention" })
        }
    }

    @Test("of no keys is zeros")
    func noKeys() throws {
        var builder = GraphBuilder()
        let queries = builder.input("q", [.batch, .known(2), .known(4)])
        let keys = builder.input("k", [.batch, .known(4), .symbol("keys")])
        let values = builder.input("v", [.batch, .symbol("keys"), .known(3)])
        let scores = try builder.node("MatMul", [queries, keys])
        let probabilities = try builder.node("Softmax", [scores], attributes: ["axis": .int(-1)])
        let result = try builder.node("MatMul", [probabilities, values])
        let after = try fused(builder.finish([result]))
        #expect(after.nodes.map(\.operatorName) == ["Attention"])
        let inputs = [
            "q": Tensor(randomFloats(24, seed: 1), shape: Shape([3, 2, 4])),
            "k": Tensor(zeros: .float32, shape: Shape([3, 4, 0])),
            "v": Tensor(zeros: .float32, shape: Shape([3, 0, 3])),
        ]
        let answers = try Session(CompiledGraph(after, kernels: KernelTable.selected())).run(inputs)
        #expect(answers.values.first?.elements(of: Float.self).map { $0 } == [Float](repeating: 0, count: 18))
    }

    @Test("lets a NaN reach its own row alone")
    func nan() throws {
        let graph = AttentionGraph(tokens: 9, mask: .full)
        let compiled = try CompiledGraph(
            fused(graph.build { _, _, result in [result] }),
            kernels: KernelTable.selected()
        )
        let session = Session(compiled)
        let name = compiled.graph[compiled.graph.outputs[1]].name
        var mask = inputs(graph, rows: 2)
        let clean = try #require(try session.run(mask)[name]).elements(of: Float.self).map { $0 }
        var numbers = try #require(mask["x"]).elements(of: Float.self).map { $0 }
        numbers[graph.width * graph.tokens] = .nan
        mask["x"] = Tensor(numbers, shape: Shape([2, graph.tokens, graph.width]))
        let found = try #require(try session.run(mask)[name]).elements(of: Float.self).map { $0 }
        let row = clean.count / 2
        // A token that is no number makes its query, key and value so: everything of its row, nothing of the other.
        #expect(found[..<row].map(\.bitPattern) == clean[..<row].map(\.bitPattern))
        #expect(found[row...].allSatisfy { $0.isNaN })
    }
}
