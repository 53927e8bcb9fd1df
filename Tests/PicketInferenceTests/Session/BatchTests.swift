import PicketInference
import PicketTensor
import Testing

/// A small network with most kinds of steps in it: convolutions of every kind, a skip connection, pooling, products.
private func network(batch: Dimension, reshape: [Int64] = [-1, 8]) throws -> Graph {
    var builder = GraphBuilder()
    let x = builder.input("x", [batch, .known(3), .known(14), .known(14)])
    let pads: [String: AttributeValue] = ["pads": .ints([1, 1, 1, 1])]
    let first = try builder.node("Conv", [x, builder.weights(8, 3, 3, 3), builder.weights(8)], attributes: pads)
    let relu = try builder.node("Relu", [first])
    var depthwise = pads
    depthwise["group"] = .int(8)
    let second = try builder.node("Conv", [relu, builder.weights(8, 1, 3, 3, seed: 2)], attributes: depthwise)
    let normal = try builder.node(
        "BatchNormalization",
        [second, builder.weights(8), builder.weights(8), builder.weights(8), builder.constant(ones(8))]
    )
    let sum = try builder.node("Add", [normal, first])
    let window: [String: AttributeValue] = ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2])]
    let pooled = try builder.node("MaxPool", [sum], attributes: window)
    let average = try builder.node("AveragePool", [pooled], attributes: ["kernel_shape": .ints([2, 2])])
    let third = try builder.node("Conv", [average, builder.weights(8, 8, 1, 1, seed: 3)])
    let swish = try builder.node("Mul", [third, builder.node("Sigmoid", [third])])
    let mean = try builder.node("GlobalAveragePool", [swish])
    let flat = try builder.node("Reshape", [mean, builder.constant(reshape)])
    let product = try builder.node("MatMul", [flat, builder.weights(8, 20, seed: 4)])
    let gemm = try builder.node("Gemm", [product, builder.weights(20, 10, seed: 5), builder.weights(10)])
    let softmax = try builder.node("Softmax", [gemm])
    return builder.finish([gemm, softmax])
}

private func ones(_ count: Int) -> Tensor {
    Tensor([Float](repeating: 1, count: count), shape: Shape([count]))
}

@Suite("Batches")
struct BatchTests {
    private func rows(_ count: Int) -> Tensor {
        Tensor(randomFloats(count * 3 * 14 * 14, seed: 9), shape: Shape([count, 3, 14, 14]))
    }

    private func bits(_ tensor: Tensor) -> [UInt8] { tensor.withUnsafeBytes { Array($0) } }

    @Test("give a row the same bits whatever lies beside it", arguments: KernelTable.availableLevels, 1...3)
    func identical(level: String, threads: Int) throws {
        let kernels = try KernelTable(named: level)
        let compiled = try CompiledGraph(network(batch: .batch), kernels: kernels)
        #expect(compiled.batchMode == .dynamic)
        let session = Session(compiled, threads: threads)
        let x = rows(70)
        let alone = try (0..<70).map { try session.run(["x": x.rows($0..<$0 + 1)]) }
        for count in [1, 2, 3, 5, 7, 8, 16, 31, 32, 33, 64, 65, 70] {
            for begin in [0, 70 - count] {
                let together = try session.run(["x": x.rows(begin..<begin + count)])
                for (name, tensor) in together {
                    #expect(tensor.rowCount == count)
                    for row in 0..<count {
                        let expected = try #require(alone[begin + row][name])
                        #expect(
                            bits(tensor.rows(row..<row + 1)) == bits(expected),
                            "\(name), \(count) rows, row \(row)"
                        )
                    }
                }
            }
        }
    }

    @Test("filled row by row equal whole tensors", arguments: [1, 3, 64, 130], [1, 2])
    func filled(count: Int, threads: Int) throws {
        let compiled = try CompiledGraph(network(batch: .batch), kernels: KernelTable.selected())
        let session = Session(compiled, threads: threads)
        let x = rows(count)
        let whole = try session.run(["x": x])
        var seen: [Int] = []
        let outputs = try session.run(rows: count, outputs: ["node 13 result"]) { index, row in
            seen.append(index)
            x.row(index).withUnsafeBytes { row[0].copyMemory(from: $0) }
        }
        #expect(seen == Array(0..<count))
        #expect(outputs.count == 1)
        #expect(bits(outputs[0]) == bits(try #require(whole["node 13 result"])))
    }

    @Test("of no rows give no rows")
    func none() throws {
        let session = Session(try CompiledGraph(network(batch: .batch), kernels: KernelTable.selected()))
        let outputs = try session.run(rows: 0) { _, _ in Issue.record("there is no row to fill") }
        #expect(outputs.map(\.shape.dimensions) == [[0, 10], [0, 10]])
    }

    @Test("widen a fixed batch", arguments: [[-1, 8], [1, 8], [1, -1], [0, 8], [0, -1]] as [[Int64]])
    func widened(reshape: [Int64]) throws {
        let fixed = try CompiledGraph(network(batch: .known(1), reshape: reshape), kernels: KernelTable.selected())
        let dynamic = try CompiledGraph(network(batch: .batch), kernels: KernelTable.selected())
        #expect(fixed.batchMode == .widened)
        let x = rows(5)
        let (left, right) = (try Session(fixed).run(["x": x]), try Session(dynamic).run(["x": x]))
        #expect(left.mapValues(bits) == right.mapValues(bits))
    }

    @Test("that would mix rows run row by row")
    func mixing() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(4)])
        let mean = try builder.node("ReduceMean", [x], attributes: ["axes": .ints([0])])
        let centred = try builder.node("Sub", [x, mean])
        let result = try builder.node("Add", [centred, builder.weights(1, 4)])
        let graph = builder.finish([result])
        let compiled = try CompiledGraph(graph, kernels: KernelTable.selected())
        guard case .rowByRow(let reason) = compiled.batchMode else {
            Issue.record("runs as \(compiled.batchMode)")
            return
        }
        #expect(reason.contains("ReduceMean") && reason.contains("mixes rows"))
        let x3 = Tensor(randomFloats(12, seed: 3), shape: Shape([3, 4]))
        let session = Session(compiled)
        let outputs = try session.run(rows: 3) { index, row in
            x3.row(index).withUnsafeBytes { row[0].copyMemory(from: $0) }
        }
        let weights = randomFloats(4, seed: 1)
        #expect(outputs[0].elements(of: Float.self) == weights + weights + weights)
    }

    @Test("of a fixed size that is not one repeat the row where rows mix")
    func fixedMixing() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.known(3), .known(4)])
        let mean = try builder.node("ReduceMean", [x], attributes: ["axes": .ints([0])])
        let result = try builder.node("Sub", [x, mean])
        let graph = builder.finish([result])
        let compiled = try CompiledGraph(graph, kernels: KernelTable.selected())
        #expect(compiled.isRowByRow)
        let session = Session(compiled)
        let outputs = try session.run(rows: 2) { index, row in
            let floats = row[0].assumingMemoryBound(to: Float.self)
            for column in floats.indices { floats[column] = Float(index * 10 + column) }
        }
        #expect(outputs[0].shape == Shape([2, 4]))
        #expect(outputs[0].elements(of: Float.self) == [Float](repeating: 0, count: 8))
    }

    @Test("are followed through shape arithmetic and attention")
    func shapeArithmetic() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(6), .known(8)])
        let shape = try builder.node("Shape", [x])
        let rows = try builder.node("Gather", [shape, builder.constant([0])])
        let target = try builder.node("Concat", [rows, builder.constant([6, 2, 4])], attributes: ["axis": .int(0)])
        let heads = try builder.node("Reshape", [x, target])
        let swapped = try builder.node("Transpose", [heads], attributes: ["perm": .ints([0, 2, 1, 3])])
        let turned = try builder.node("Transpose", [swapped], attributes: ["perm": .ints([0, 1, 3, 2])])
        let scores = try builder.node("Softmax", [builder.node("MatMul", [swapped, turned])])
        let mixed = try builder.node("MatMul", [scores, swapped])
        let merged = try builder.node("Reshape", [mixed, builder.constant([-1, 48])])
        let compiled = try CompiledGraph(builder.finish([merged]), kernels: KernelTable.selected())
        #expect(compiled.batchMode == .dynamic)
        let session = Session(compiled)
        let data = Tensor(randomFloats(5 * 48, seed: 5), shape: Shape([5, 6, 8]))
        let whole = try #require(try session.run(["x": data]).values.first)
        for row in 0..<5 {
            let alone = try #require(try session.run(["x": data.rows(row..<row + 1)]).values.first)
            #expect(bits(alone) == bits(whole.rows(row..<row + 1)))
        }
    }
}
