import PicketInference
import PicketTensor
import Testing

@Suite("Compiled models")
struct CompiledModelTests {
    /// Two products in a row, the input [batch, 6].
    private func model(_ batch: Dimension) throws -> CompiledModel {
        var builder = GraphBuilder()
        let x = builder.input("x", [batch, .known(6)])
        let hidden = try builder.node("MatMul", [x, builder.weights(6, 5)])
        let y = try builder.node("Softmax", [hidden])
        return try CompiledModel(builder.finish([y, hidden]), kernels: KernelTable.selected())
    }

    @Test("tell inputs and outputs with the batch open", arguments: [Dimension.batch, .known(1), .known(3)])
    func ports(batch: Dimension) throws {
        let model = try model(batch)
        #expect(model.batchMode == (batch == .batch ? .dynamic : .widened))
        #expect(model.inputs.map(\.name) == ["x"])
        #expect(model.inputs.map(\.fact.description) == ["float32 [batch, 6]"])
        #expect(model.outputs.map(\.fact.description) == ["float32 [batch, 5]", "float32 [batch, 5]"])
    }

    @Test("give tensors inside the model where they are asked for")
    func extraOutputs() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(4)])
        let relu = try builder.node("Relu", [x])
        let tanh = try builder.node("Tanh", [relu])
        let graph = try CompiledModel.adding(["node 0 result"], to: builder.finish([tanh]))
        let model = try CompiledModel(graph, kernels: KernelTable.selected())
        #expect(model.outputs.map(\.name) == ["node 1 result", "node 0 result"])
        let data = Tensor([Float(-1), 0, 1, 2], shape: Shape([1, 4]))
        // Kept, though the next step would like to write over it.
        #expect(try Session(model).run(["x": data])["node 0 result"]?.elements(of: Float.self) == [0, 0, 1, 2])
        #expect(throws: SessionFault.unknownOutput("z", known: ["node 0 result", "node 1 result"])) {
            try CompiledModel.adding(["z"], to: graph)
        }
    }

    @Test("pack weights once for all batch sizes")
    func sharedWeights() throws {
        let model = try model(.batch)
        let once = try model.memory(rows: 1).weightBytes
        #expect(once > 0)
        for rows in 2...40 { #expect(try model.memory(rows: rows).weightBytes == once) }
    }

    @Test("refuse weights that grow far beyond the file's when packed")
    func amplification() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(512)])
        let weights = builder.weights(512, 512)
        var sum = x
        // One constant, multiplied by another number in each node, so that none can share its packed form.
        for index in 0..<200 {
            let product = try builder.node("Gemm", [x, weights], attributes: ["alpha": .float(Float(index) + 2)])
            sum = try builder.node("Add", [sum, product])
        }
        let compiled = try CompiledGraph(builder.finish([sum]), kernels: KernelTable.selected())
        let fault = #expect(throws: NodeFault.self) { try compiled.plan(inputs: [Shape([1, 512])]) }
        #expect(fault?.operatorName == "Gemm")
        #expect(fault?.reason.contains("weights in the kernels' layouts take more than") == true)
    }

    @Test("run fewer rows at once where a row needs much memory")
    func largeRows() throws {
        var builder = GraphBuilder()
        let x = builder.input("x", [.batch, .known(1 << 24)])
        let mean = try builder.node("ReduceMean", [x], attributes: ["axes": .ints([1])])
        let compiled = try CompiledGraph(builder.finish([mean]), kernels: KernelTable.selected())
        #expect(compiled.passRows(try compiled.plan(inputs: [Shape([1, 1 << 24])])) == 7)
        // A pass of 20 rows would need 1.3 GB. Powers of two, whose sums are exact in any order.
        let outputs = try Session(compiled).run(rows: 20) { index, row in
            row[0].assumingMemoryBound(to: Float.self).update(repeating: Float(1 << (index % 9)))
        }
        #expect(outputs[0].elements(of: Float.self) == (0..<20).map { Float(1 << ($0 % 9)) })
    }

    @Test("forget plans that nobody asked for in a while, and make them again")
    func manyShapes() throws {
        let model = try model(.batch)
        let session = Session(model)
        for rows in Array(1...40) + [1, 20, 40] {
            let x = Tensor(randomFloats(rows * 6, seed: 2), shape: Shape([rows, 6]))
            #expect(try session.run(["x": x])["node 1 result"]?.shape == Shape([rows, 5]))
        }
    }
}
