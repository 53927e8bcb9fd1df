import Foundation
import PicketInference
import PicketSchemas
import PicketTensor
import Testing

@Suite("Products of types other than float32")
struct ElementTypeTests {
    @Test("a classifier in float16 agrees with onnxruntime within that type's rounding, a row at a time too")
    func halfClassifier() throws {
        let place = ModelCaseTests.folder.appending(path: "half-classifier")
        let session = Session(try CompiledModel(Model(path: place.appending(path: "model.onnx").path)), threads: 2)
        let input = try tensor(place.appending(path: "input.npy"))
        let expected = try tensor(place.appending(path: "output.npy"))
        let whole = try #require(try session.run(["x": input])["y"])
        #expect(whole.elementType == .float16)
        try #require(whole.shape == expected.shape)
        let (found, judged) = (TensorComparison.numbers(whole), TensorComparison.numbers(expected))
        // Each of the ten nodes that round is half of 2^-10 off at most; sums are of like size.
        let largest = judged.reduce(0) { max($0, abs($1)) }
        for (left, right) in zip(found, judged) { #expect(abs(left - right) <= largest * 0x1p-8) }
        for row in 0..<3 {
            let alone = try #require(try session.run(["x": input.rows(row..<row + 1)])["y"])
            #expect(bits(alone) == bits(whole.rows(row..<row + 1)))
        }
    }

    @Test("every float16 times one is itself")
    func everyHalf() throws {
        var one = Onnx_TensorProto()
        one.name = "w"
        one.dims = [1, 1]
        one.dataType = 10
        one.int32Data = [Int32(Float16(1).bitPattern)]
        let graph = ModelBuilder.graph(
            inputs: [ModelBuilder.value("x", ["N", "1"], type: 10)],
            outputs: [ModelBuilder.value("y", ["N", "1"], type: 10)],
            initializers: [one],
            nodes: [ModelBuilder.node("MatMul", ["x", "w"], ["y"])]
        )
        let session = Session(
            try CompiledGraph(PassTests.plain(ModelBuilder.model(graph)), kernels: KernelTable.selected())
        )
        let halves = Array(UInt16.min...UInt16.max)
        let x = try halves.withUnsafeBytes { try Tensor(.float16, shape: Shape([halves.count, 1]), copying: $0) }
        let y = try #require(try session.run(["x": x])["y"]).withUnsafeBytes {
            Array($0.assumingMemoryBound(to: UInt16.self))
        }
        for (before, after) in zip(halves, y) {
            let (left, right) = (Float16(bitPattern: before), Float16(bitPattern: after))
            // A sum begins at 0, which keeps no sign of a zero.
            #expect(left.isNaN ? right.isNaN : left == right)
        }
    }

    private func tensor(_ file: URL) throws -> Tensor {
        let data = try Data(contentsOf: file)
        return try data.withUnsafeBytes { try Tensor(npy: $0) }
    }

    private func bits(_ tensor: Tensor) -> [UInt8] { tensor.withUnsafeBytes { Array($0) } }

    /// Relu(x · w + b + x) and what stands for its parts.
    private func model(_ type: Int32, _ initializers: [Onnx_TensorProto]) -> Onnx_ModelProto {
        ModelBuilder.model(
            ModelBuilder.graph(
                inputs: [ModelBuilder.value("x", ["N", "2"], type: type)],
                outputs: [ModelBuilder.value("y", ["N", "2"], type: type)],
                initializers: initializers,
                nodes: [
                    ModelBuilder.node("MatMul", ["x", "w"], ["m"]), ModelBuilder.node("Add", ["m", "x"], ["s"]),
                    ModelBuilder.node("Relu", ["s"], ["r"]), ModelBuilder.node("MatMul", ["r", "w"], ["n"]),
                    ModelBuilder.node("Add", ["n", "b"], ["t"]), ModelBuilder.node("Gemm", ["t", "w"], ["g"]),
                    ModelBuilder.node("Relu", ["g"], ["y"]),
                ]
            )
        )
    }

    private static let kept = ["MatMul", "Add", "Relu", "MatMul", "Add", "Gemm", "Relu"]

    @Test("nothing fuses with products of int64, which stay exact past what a double holds")
    func integers() throws {
        let graph = try PassTests.optimised(
            model(
                7,
                [
                    ModelBuilder.tensor("w", [2, 2], [1, 0, 0, -1] as [Int64]),
                    ModelBuilder.tensor("b", [2], [1, 2] as [Int64]),
                ]
            )
        )
        #expect(graph.nodes.map(\.operatorName) == Self.kept)
        let large: Int64 = 1 << 60
        let x = Tensor([large + 1, large + 3, 5, -7] as [Int64], shape: Shape([2, 2]))
        // x + x·w = (2a, 0); its product with w is itself, or -0; then b; then the sign of the second.
        let answers = try Session(CompiledGraph(graph, kernels: KernelTable.selected())).run(["x": x])
        let y = try #require(answers["y"]).elements(of: Int64.self)
        #expect(y == [2 * large + 3, 0, 11, 0])
    }

    @Test("nothing fuses with products of float64, which lose nothing to float32")
    func doubles() throws {
        func tensor(_ name: String, _ dims: [Int64], _ values: [Double]) -> Onnx_TensorProto {
            var tensor = Onnx_TensorProto()
            tensor.name = name
            tensor.dims = dims
            tensor.dataType = 11
            tensor.rawData = values.withUnsafeBytes { .init($0) }
            return tensor
        }
        let graph = try PassTests.optimised(
            model(11, [tensor("w", [2, 2], [1, 0, 0, 1]), tensor("b", [2], [0, 0x1p-40])])
        )
        #expect(graph.nodes.map(\.operatorName) == Self.kept)
        let x = Tensor([1 + 0x1p-45, 2 - 0x1p-45], shape: Shape([1, 2]))
        let y = try #require(try Session(CompiledGraph(graph, kernels: KernelTable.selected())).run(["x": x])["y"])
            .elements(of: Double.self)
        #expect(y == [2 + 0x1p-44, 4 - 0x1p-44 + 0x1p-40])
    }

    @Test("operands of two types, and types that have no product, are refused")
    func refused() throws {
        let cases: [(name: String, types: [ElementType], words: String)] = [
            ("MatMul", [.float16, .float32], "input 1 is float32, expected float16"),
            ("MatMul", [.int8, .int8], "A is int8"), ("Gemm", [.bool, .bool], "A is bool"),
            ("Gemm", [.float64, .float64, .float32], "input 2 is float32, expected float64"),
        ]
        for (name, types, words) in cases {
            let node = NodeDescription(
                attributes: NodeAttributes(),
                opset: 13,
                inputs: types.map { _ in true },
                outputs: [true]
            )
            let operands = types.map { OperandFact(ConcreteFact($0, Shape([2, 2]))) }
            let error = #expect(throws: OperatorFault.self) {
                if name == "MatMul" { return try MatMul(node).infer(operands) }
                return try Gemm(node).infer(operands)
            }
            #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
        }
    }
}
