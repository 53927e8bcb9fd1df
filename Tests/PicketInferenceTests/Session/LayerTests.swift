import PicketInference
import PicketTensor
import Testing

/// A small network of what layers are made of: activations to fuse, a normalisation to fold, a skip connection, a gate.
private func network(_ batch: Dimension = .batch) throws -> Graph {
    var builder = GraphBuilder()
    let x = builder.input("x", [batch, .known(3), .known(14), .known(14)])
    let pads: [String: AttributeValue] = ["pads": .ints([1, 1, 1, 1])]
    let first = try builder.node("Conv", [x, builder.weights(8, 3, 3, 3), builder.weights(8)], attributes: pads)
    let relu = try builder.node("Relu", [first])
    let second = try builder.node("Conv", [relu, builder.weights(8, 8, 3, 3, seed: 2)], attributes: pads)
    let variance = builder.constant(Tensor((1...8).map { Float($0) }, shape: Shape([8])))
    let normal = try builder.node(
        "BatchNormalization",
        [second, builder.weights(8, seed: 3), builder.weights(8, seed: 4), builder.weights(8, seed: 5), variance]
    )
    let sum = try builder.node("Add", [normal, relu])
    let rectified = try builder.node("Relu", [sum])
    let window: [String: AttributeValue] = ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2])]
    let pooled = try builder.node("MaxPool", [rectified], attributes: window)
    let third = try builder.node("Conv", [pooled, builder.weights(8, 8, 1, 1, seed: 6)])
    let swish = try builder.node("Mul", [third, builder.node("Sigmoid", [third])])
    let mean = try builder.node("GlobalAveragePool", [swish])
    let flat = try builder.node("Reshape", [mean, builder.constant([-1, 8])])
    let product = try builder.node("MatMul", [flat, builder.weights(8, 20, seed: 7)])
    let biased = try builder.node("Add", [product, builder.weights(20, seed: 8)])
    let hidden = try builder.node("Relu", [biased])
    let gemm = try builder.node("Gemm", [hidden, builder.weights(20, 10, seed: 9), builder.weights(10)])
    let softmax = try builder.node("Softmax", [gemm])
    return builder.finish([gemm, softmax])
}

@Suite("Layers")
struct LayerTests {
    private static let expected = [
        "0 Conv [8, 14, 14]", "1 Relu [8, 14, 14]", "3 BatchNormalization [8, 14, 14]", "4 Add [8, 14, 14]",
        "5 Relu [8, 14, 14]", "6 MaxPool [8, 6, 6]", "7 Conv [8, 6, 6]", "8 Sigmoid [8, 6, 6]", "9 Mul [8, 6, 6]",
        "10 GlobalAveragePool [8, 1, 1]", "13 Add [20]", "14 Relu [20]", "15 Gemm [10]", "16 Softmax [10]",
    ]

    private func source(_ graph: Graph) -> ModelSource {
        ModelSource(graph: graph, passes: PassPipeline(limits: ImportLimits()))
    }

    private func compiled(_ graph: Graph, keeping layers: [String]) throws -> CompiledGraph {
        try CompiledGraph(source(graph).improved(keeping: layers), kernels: KernelTable.selected())
    }

    private func rows(_ count: Int) -> Tensor {
        Tensor(randomFloats(count * 3 * 14 * 14, seed: 9), shape: Shape([count, 3, 14, 14]))
    }

    /// By row and layer what is handed out, and the outputs.
    private func run(
        _ session: Session,
        _ x: Tensor,
        layers: [String]
    ) throws -> (taken: [[[Float]]], outputs: [Tensor]) {
        var taken = [[[Float]]](repeating: Array(repeating: [], count: layers.count), count: x.rowCount)
        var calls = 0
        let outputs = try session.run(rows: x.rowCount, layers: layers) { index, row in
            x.row(index).withUnsafeBytes { row[0].copyMemory(from: $0) }
        } take: { row, layer, elements in
            calls += 1
            taken[row][layer] = Array(elements)
        }
        #expect(calls == x.rowCount * layers.count)
        return (taken, outputs)
    }

    /// A result without a normalisation of its own, which is folded into it, is none; nor is a gate's reshape.
    @Test("are listed in topological order", arguments: [Dimension.batch, .known(1), .known(4)])
    func listed(batch: Dimension) throws {
        let found = source(try network(batch)).layers.map { layer in
            "\(layer.name.dropFirst("node ".count).dropLast(" result".count)) \(layer.operatorName) "
                + "\(layer.rowShape.dimensions)"
        }
        #expect(found == LayerTests.expected)
    }

    @Test("are none where rows are mixed, or more than the batch is open")
    func none() throws {
        var mixing = GraphBuilder()
        let x = mixing.input("x", [.known(2), .known(4)])
        let softmax = try mixing.node("Softmax", [mixing.node("Relu", [x])], attributes: ["axis": .int(0)])
        #expect(source(mixing.finish([softmax])).layers.isEmpty)
        var open = GraphBuilder()
        let y = open.input("y", [.batch, .known(3), .symbol("height"), .symbol("width")])
        let relu = try open.node("Relu", [y])
        let mean = try open.node("GlobalAveragePool", [relu])
        #expect(source(open.finish([mean])).layers.isEmpty)
    }

    /// Every layer of the improved graph is what the graph as written gives at that place.
    @Test("hold what the graph as written computes", arguments: [Dimension.batch, .known(1)])
    func values(batch: Dimension) throws {
        let graph = try network(batch)
        let layers = source(graph).layers
        let x = rows(3)
        let (taken, _) = try run(Session(compiled(graph, keeping: layers.map(\.name))), x, layers: layers.map(\.name))
        let written = try CompiledModel.adding(layers.map(\.name), to: graph)
        let reference = Session(try CompiledGraph(written, kernels: KernelTable.selected()))
        let expected = try reference.run(["x": x])
        for (place, layer) in layers.enumerated() {
            let tensor = try #require(expected[layer.name])
            for row in 0..<3 {
                let right = tensor.row(row).elements(of: Float.self)
                #expect(taken[row][place].count == right.count)
                let worst = zip(taken[row][place], right).map { abs($0 - $1) }.max() ?? .infinity
                #expect(worst <= 1e-4, "\(layer.name), row \(row)")
            }
        }
    }

    /// Neither the rows beside a row nor the layers that are kept change a bit of anything.
    @Test("are the same bits in every batch, and leave the outputs theirs", arguments: [1, 2])
    func identical(threads: Int) throws {
        let graph = try network()
        let names = source(graph).layers.map(\.name)
        let plain = Session(try compiled(graph, keeping: []))
        let keeping = Session(try compiled(graph, keeping: names), threads: threads)
        let x = rows(70)
        let whole = try run(keeping, x, layers: names)
        let without = try run(plain, x, layers: [])
        // To rounding: a layer inside a formula that would have become one step leaves it several.
        for (left, right) in zip(whole.outputs, without.outputs) {
            for (a, b) in zip(left.elements(of: Float.self), right.elements(of: Float.self)) {
                #expect(abs(a - b) <= 1e-5 * max(1, abs(b)))
            }
        }
        for row in [0, 1, 33, 63, 64, 69] {
            let alone = try run(keeping, x.rows(row..<row + 1), layers: names)
            #expect(alone.taken[0] == whole.taken[row])
        }
        // In another order, and only some of them.
        let some = [names[9], names[1]]
        let other = try run(keeping, x.rows(0..<5), layers: some)
        for row in 0..<5 { #expect(other.taken[row] == [whole.taken[row][9], whole.taken[row][1]]) }
    }

    /// What a convolution applies to its own results is there at no cost, unless somebody asks: the same steps.
    @Test("of fused activations cost nothing")
    func free() throws {
        let graph = try network()
        let plain = try compiled(graph, keeping: [])
        let relus = source(graph).layers.filter { ["Relu", "MaxPool", "GlobalAveragePool"].contains($0.operatorName) }
        let keeping = try compiled(graph, keeping: relus.map(\.name))
        let shapes = try #require(plain.inputShapes(rows: 8))
        let (one, other) = (try plain.plan(inputs: shapes), try keeping.plan(inputs: shapes))
        #expect(one.stepNames == other.stepNames)
    }

    @Test("that a model does not have or keep are refused")
    func unknown() throws {
        let graph = try network()
        for name in ["nothing", "node 2 result", "node 11 result", "x"] {
            #expect(throws: SessionFault.unknownLayer(name)) { try source(graph).improved(keeping: [name]) }
        }
        let session = Session(try compiled(graph, keeping: ["node 1 result"]))
        #expect(throws: SessionFault.unknownLayer("node 5 result")) {
            try run(session, rows(1), layers: ["node 5 result"])
        }
        #expect(try run(session, rows(1), layers: []).taken == [[]])
    }

    @Test("of the example's models are their convolutions', pools' and products'", arguments: ExampleModelTests.models)
    func example(name: String) throws {
        let model = try Model(path: ExamplePassTests.folder.appending(path: "\(name).onnx").path)
        let layers = model.source.layers
        #expect(!layers.isEmpty)
        let compiled = try CompiledModel(model.source, layers: layers.map(\.name))
        let session = Session(compiled)
        let row = randomFloats(784, seed: 3).map { abs($0) }
        var counts = [Int](repeating: 0, count: layers.count)
        let outputs = try session.run(rows: 1, layers: layers.map(\.name)) { _, input in
            row.withUnsafeBytes { input[0].copyMemory(from: $0) }
        } take: { _, layer, elements in
            counts[layer] = elements.count
            let areFinite = elements.allSatisfy { $0.isFinite }
            #expect(areFinite)
        }
        #expect(counts == layers.map(\.rowShape.elementCount))
        let plain = try Session(CompiledModel(model)).run(rows: 1) { _, input in
            row.withUnsafeBytes { input[0].copyMemory(from: $0) }
        }
        #expect(outputs[0].elements(of: Float.self) == plain[0].elements(of: Float.self))
    }
}
