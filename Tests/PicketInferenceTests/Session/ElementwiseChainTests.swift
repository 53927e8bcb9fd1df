import PicketInference
import PicketTensor
import Testing

@Suite("Element-wise chains")
struct ElementwiseChainTests {
    /// Bits of all elements; of a NaN only that it is one, since of two NaNs a sum may keep either.
    private func bits(_ tensor: Tensor) -> [UInt32] {
        tensor.elements(of: Float.self).map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
    }

    /// The same graph with every value kept as a layer, so that each step runs on its own.
    private func apart(_ graph: Graph) -> Graph {
        var graph = graph
        graph.layers = graph.nodes.flatMap { $0.outputs.compactMap { $0 } }
        return graph
    }

    private func plan(_ graph: Graph, _ kernels: KernelTable, rows: Int = 2) throws -> Plan {
        let compiled = try CompiledGraph(graph, kernels: kernels)
        return try compiled.plan(inputs: #require(compiled.inputShapes(rows: rows)))
    }

    @Test("are as few steps as they should be", arguments: ChainCase.all)
    func steps(chain: ChainCase) throws {
        let graph = try chain.graph()
        let fused = try plan(graph, KernelTable.selected())
        #expect(fused.stepNames == chain.steps)
        // A layer is handed out between two steps.
        let kept = try plan(apart(graph), KernelTable.selected())
        #expect(kept.stepNames.allSatisfy { !$0.contains("+") })
    }

    @Test(
        "give the bits that their steps give one after the other, in every batch",
        arguments: KernelTable.availableLevels,
        ChainCase.all
    )
    func bits(level: String, chain: ChainCase) throws {
        let kernels = try KernelTable(named: level)
        let graph = try chain.graph()
        let compiled = try CompiledGraph(graph, kernels: kernels)
        #expect(compiled.batchMode == .dynamic)
        let expected = try Session(CompiledGraph(apart(graph), kernels: kernels)).run(["x": ChainCase.rows(64)])
        for threads in 1...3 {
            let session = Session(compiled, threads: threads)
            for rows in [1, 2, 5, 33, 64] {
                let found = try session.run(["x": ChainCase.rows(64).rows(0..<rows)])
                #expect(Set(found.keys) == Set(expected.keys))
                for (name, tensor) in found {
                    let whole = try #require(expected[name])
                    #expect(bits(tensor) == bits(whole.rows(0..<rows)), "\(name), \(rows) rows, \(threads) threads")
                }
            }
        }
    }

    @Test("need no memory for what only the chain reads")
    func memory() throws {
        let x = Shape([2] + ChainCase.rowShape).elementCount * MemoryLayout<Float>.size
        let chain = ChainCase.all[1]
        #expect(try plan(chain.graph(), KernelTable.selected()).arenaBytes < x + MemoryPlanner.alignment)
    }

    @Test("drawn by chance give the bits of their steps", arguments: 0..<60)
    func random(seed: UInt64) throws {
        var draw = ChainDraw(seed: seed)
        let graph = try draw.graph()
        let kernels = try KernelTable.selected()
        let (fused, apart) = (
            try CompiledGraph(graph, kernels: kernels), try CompiledGraph(apart(graph), kernels: kernels)
        )
        let x = ChainCase.rows(3)
        let expected = try Session(apart).run(["x": x])
        for threads in 1...2 {
            let found = try Session(fused, threads: threads).run(["x": x])
            for (name, tensor) in found {
                let (own, whole) = (bits(tensor), try bits(#require(expected[name])))
                let different = own.indices.first { own[$0] != whole[$0] }
                #expect(different == nil, "\(name) on \(threads) threads")
            }
        }
    }
}

/// A graph of element-wise nodes, pools and reductions, in which some values are read again later than others.
private struct ChainDraw {
    private var state: UInt64
    private var builder = GraphBuilder()

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    private mutating func number(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func graph() throws -> Graph {
        let x = builder.input("x", [.batch] + ChainCase.rowShape.map { .known($0) })
        var values = [x]
        if number(below: 2) == 0 {
            values.append(try builder.node("Conv", [x, builder.weights(3, 3, 1, 1)]))
        }
        for _ in 0..<30 { values.append(try next(values)) }
        var outputs = [values[values.count - 1]]
        for value in values.dropFirst() where number(below: 10) == 0 && !outputs.contains(value) {
            outputs.append(value)
        }
        return builder.finish(outputs)
    }

    private mutating func next(_ values: [ValueID]) throws -> ValueID {
        let last = values[values.count - 1]
        let other = values[max(0, values.count - 1 - number(below: 5))]
        switch number(below: 16) {
        case 0...3: return try builder.node(["Tanh", "Neg", "Abs", "Relu"][number(below: 4)], [last])
        case 4, 5: return try builder.node(["Add", "Max"][number(below: 2)], [last, other])
        case 6, 7: return try builder.node(["Sub", "Min"][number(below: 2)], [other, last])
        case 8: return try builder.node("Mul", [other, builder.weights(3, 1, 1)])
        case 9: return try builder.node("Mul", [last, builder.weights(1)])
        case 10: return try builder.node("Div", [builder.weights(41), last])
        case 11: return try builder.node("Sub", [last, builder.weights(40, 1)])
        case 12:
            let window: [String: AttributeValue] = ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])]
            return try builder.node("MaxPool", [other], attributes: window)
        case 13, 14:
            let lines = try builder.node("Reshape", [other, builder.constant([0, 120, 41])])
            return try builder.node("Reshape", [lines, builder.constant([0] + ChainCase.rowShape.map { Int64($0) })])
        default:
            let mean = try builder.node("GlobalAveragePool", [other])
            return try builder.node("Mul", [last, mean])
        }
    }
}
