import PicketInference
import PicketTensor
import Testing

/// A model may declare a batch of one and still be run with many rows: what passes make of it must hold for those.
@Suite("Passes over a fixed batch")
struct FixedBatchTests {
    /// Through the passes; a dropped patch fails the test.
    private func improved(_ graph: Graph) throws -> CompiledGraph {
        let pipeline = PassPipeline(limits: ImportLimits()) { step in
            if case .failure(let fault) = step.outcome { Issue.record("\(step.pass): \(fault)") }
        }
        return try CompiledGraph(pipeline.run(graph), kernels: KernelTable.selected())
    }

    /// Every row of a batch is what the written graph makes of it alone, and takes no pass of its own.
    private func expectRows(_ written: Graph, _ row: [Int]) throws {
        let compiled = try improved(written)
        #expect(compiled.batchMode == .widened)
        let count = 5
        let x = Tensor(randomFloats(count * row.reduce(1, *), seed: 7), shape: Shape([count] + row))
        let found = try #require(try Session(compiled).run(["x": x]).values.first)
        for index in 0..<count {
            let expected = try PassTests.evaluate(written, [x.rows(index..<index + 1)])[0].elements(of: Float.self)
            let largest = expected.reduce(0) { max($0, abs($1)) }
            let own = found.rows(index..<index + 1).elements(of: Float.self)
            let off = zip(expected, own).reduce(0) { max($0, abs($1.0 - $1.1)) }
            #expect(expected.count == own.count && off <= 1e-5 * largest, "row \(index) is off by \(off)")
        }
    }

    @Test("attention is found, and takes any number of rows", arguments: AttentionTests.cases.filter(\.isOverRows))
    func attention(_ example: AttentionTests.Case) throws {
        var graph = example.graph
        graph.batch = .known(1)
        let written = try graph.build()
        #expect(try improved(written).graph.nodes.contains { $0.operatorName == "Attention" })
        try expectRows(written, [graph.tokens, graph.width])
    }

    @Test("queries that the model has learned are asked of every row")
    func learnedQueries() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.known(1), .known(6), .known(8)])
        let keys = try builder.node("Transpose", [x], attributes: ["perm": .ints([0, 2, 1])])
        let scores = try builder.node("MatMul", [builder.weights(1, 2, 8), keys])
        let probabilities = try builder.node("Softmax", [scores], attributes: ["axis": .int(-1)])
        let result = try builder.node("MatMul", [probabilities, x])
        try expectRows(builder.finish([result]), [6, 8])
    }

    @Test("a scale that each row has of its own", arguments: [true, false])
    func scales(divides: Bool) throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.known(1), .known(6), .known(8)])
        let keys = try builder.node("Transpose", [x], attributes: ["perm": .ints([0, 2, 1])])
        let scores = try builder.node("MatMul", [x, keys])
        let number = try builder.node("ReduceMax", [x], attributes: ["axes": .ints([1, 2])])
        let scaled = try builder.node(divides ? "Div" : "Mul", [scores, number])
        let probabilities = try builder.node("Softmax", [scaled], attributes: ["axis": .int(-1)])
        let result = try builder.node("MatMul", [probabilities, x])
        try expectRows(builder.finish([result]), [6, 8])
    }
}

extension AttentionTests.Case {
    /// Whether the batch is the outermost axis of all that is reshaped, and the tokens the only input.
    fileprivate var isOverRows: Bool { graph.cut != .joined && graph.mask != .operand && graph.tokens < 100 }
}
