import PicketInference
import PicketSchemas
import PicketTensor
import Testing

@Suite("Passes")
struct PassTests {
    /// Runs a graph by the operators' reference evaluation alone.
    static func evaluate(_ graph: Graph, _ inputs: [Tensor]) throws -> [Tensor] {
        var values: [ValueID: Tensor] = graph.constants.mapValues { $0.tensor() }
        for (id, tensor) in zip(graph.inputs, inputs) { values[id] = tensor }
        for node in graph.nodes {
            let operands = node.inputs.map { $0.flatMap { values[$0] } }
            let facts = operands.map { $0.map { OperandFact(ConstantTensor($0)) } }
            let results = try node.operation.evaluate(operands, results: node.operation.infer(facts))
            for (output, tensor) in zip(node.outputs, results) {
                if let output { values[output] = tensor }
            }
        }
        return try graph.outputs.map { try #require(values[$0]) }
    }

    static func random(_ shape: [Int], seed: UInt64 = 3) -> Tensor {
        var random = SplitMix64(seed: seed)
        let shape = Shape(shape)
        return Tensor((0..<shape.elementCount).map { _ in random.unit() - 0.5 }, shape: shape)
    }

    static func plain(_ model: Onnx_ModelProto) throws -> Graph {
        try Model(bytes: model.bytes(), passes: PassPipeline(limits: ImportLimits(), passes: [])).graph
    }

    /// Through the standard passes; a dropped patch fails the test.
    static func optimised(_ model: Onnx_ModelProto, limits: ImportLimits = ImportLimits()) throws -> Graph {
        let pipeline = PassPipeline(limits: limits) { step in
            if case .failure(let fault) = step.outcome { Issue.record("\(step.pass): \(fault)") }
        }
        return try Model(bytes: model.bytes(), limits: limits, passes: pipeline).graph
    }

    @Test("leave a classifier in five nodes that compute the same")
    func classifier() throws {
        let model = try Samples.cnn()
        let (before, after) = (try Self.plain(model), try Self.optimised(model))
        #expect(before.nodes.count == 10)
        #expect(after.nodes.map(\.operatorName) == ["Conv", "MaxPool", "Conv", "Flatten", "Gemm"])
        let convolutions = after.nodes.compactMap { $0.operation as? Conv }
        #expect(convolutions.map(\.activation) == [.relu, .relu])
        #expect(convolutions.map(\.addsResidual) == [false, true])
        for rows in [1, 3] {
            let x = Self.random([rows, 2, 8, 8])
            let expected = try Self.evaluate(before, [x])[0].elements(of: Float.self)
            let found = try Self.evaluate(after, [x])[0].elements(of: Float.self)
            for (left, right) in zip(expected, found) { #expect(abs(left - right) < 1e-5) }
        }
        // Weights that nothing reads any more are gone; those that are left, scaled or not, are still in the file.
        #expect(after.constants.count == 6)
        #expect(after.constants.values.filter(\.isSlice).count == 4)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let nodes: [Onnx_NodeProto]
        var initializers: [Onnx_TensorProto] = []
        var output = "y"
        /// The operators that are left, in order.
        let left: [String]
        var testDescription: String { name }
    }

    private static let line = [
        ModelBuilder.tensor("scale", [4], [1, 2, 3, 4] as [Float]),
        ModelBuilder.tensor("b", [4], [0, 1, 0, 1] as [Float]),
        ModelBuilder.tensor("mean", [4], [1, 1, 1, 1] as [Float]),
        ModelBuilder.tensor("var", [4], [1, 2, 1, 2] as [Float]),
    ]

    private static let square = ModelBuilder.tensor("w", [4, 4], (0..<16).map { Float($0) / 16 })

    static let cases: [Case] = [
        Case(
            name: "a chain of identities ends at its start",
            nodes: [
                ModelBuilder.node("Identity", ["x"], ["a"]), ModelBuilder.node("Dropout", ["a"], ["b"]),
                ModelBuilder.node("Identity", ["b"], ["c"]), ModelBuilder.node("Relu", ["c"], ["y"]),
            ],
            left: ["Relu"]
        ),
        Case(
            name: "an identity that makes an output leaves its name",
            nodes: [ModelBuilder.node("Relu", ["x"], ["a"]), ModelBuilder.node("Identity", ["a"], ["y"])],
            left: ["Relu"]
        ),
        Case(
            name: "an identity between an input and an output stays",
            nodes: [ModelBuilder.node("Identity", ["x"], ["y"])],
            left: ["Identity"]
        ),
        Case(
            name: "nodes in the wrong order are sorted, dead ones removed",
            nodes: [
                ModelBuilder.node("Tanh", ["a"], ["y"]), ModelBuilder.node("Sigmoid", ["a"], ["unused"]),
                ModelBuilder.node("Relu", ["x"], ["a"]),
            ],
            left: ["Relu", "Tanh"]
        ),
        Case(
            name: "what has constant operands is computed",
            nodes: [
                ModelBuilder.node("Add", ["scale", "b"], ["s"]), ModelBuilder.node("Mul", ["s", "s"], ["t"]),
                ModelBuilder.node("Sub", ["x", "t"], ["y"]),
            ],
            initializers: line,
            left: ["Sub"]
        ),
        Case(
            name: "a product ends with the activation that follows it",
            nodes: [ModelBuilder.node("MatMul", ["x", "w"], ["a"]), ModelBuilder.node("Relu", ["a"], ["y"])],
            initializers: [square],
            left: ["MatMul"]
        ),
        Case(
            name: "an activation of a value that others read stays",
            nodes: [
                ModelBuilder.node("MatMul", ["x", "w"], ["a"]), ModelBuilder.node("Relu", ["a"], ["r"]),
                ModelBuilder.node("Sub", ["a", "r"], ["y"]),
            ],
            initializers: [square],
            left: ["MatMul", "Relu", "Sub"]
        ),
        Case(
            name: "a residual joins the product, and what follows both",
            nodes: [
                ModelBuilder.node("MatMul", ["x", "w"], ["a"]), ModelBuilder.node("Add", ["x", "a"], ["s"]),
                ModelBuilder.node("Relu", ["s"], ["y"]),
            ],
            initializers: [square],
            left: ["MatMul"]
        ),
        Case(
            name: "a product and its bias are one Gemm, and what follows both",
            nodes: [
                ModelBuilder.node("MatMul", ["x", "w"], ["a"]), ModelBuilder.node("Add", ["b", "a"], ["s"]),
                ModelBuilder.node("Relu", ["s"], ["y"]),
            ],
            initializers: [square] + line,
            left: ["Gemm"]
        ),
        Case(
            name: "a bias that is no constant is none",
            nodes: [
                ModelBuilder.node("MatMul", ["x", "w"], ["a"]),
                ModelBuilder.node("ReduceMean", ["x"], ["m"], [ModelBuilder.ints("axes", [0])]),
                ModelBuilder.node("Add", ["a", "m"], ["y"]),
            ],
            initializers: [square],
            left: ["MatMul", "ReduceMean", "Add"]
        ),
        Case(
            name: "a scalar behind a product stays",
            nodes: [ModelBuilder.node("MatMul", ["x", "w"], ["a"]), ModelBuilder.node("Add", ["a", "one"], ["y"])],
            initializers: [square, ModelBuilder.tensor("one", [], [1] as [Float])],
            left: ["MatMul", "Add"]
        ),
        Case(
            name: "a product added to itself is no residual",
            nodes: [ModelBuilder.node("MatMul", ["x", "w"], ["a"]), ModelBuilder.node("Add", ["a", "a"], ["y"])],
            initializers: [square],
            left: ["MatMul", "Add"]
        ),
        Case(
            name: "a normalization with nothing before it stays",
            nodes: [ModelBuilder.node("BatchNormalization", ["x", "scale", "b", "mean", "var"], ["y"])],
            initializers: line,
            left: ["BatchNormalization"]
        ),
    ]

    @Test("do what their names say and keep what a graph computes", arguments: cases)
    func small(_ example: Case) throws {
        let model = ModelBuilder.model(
            ModelBuilder.graph(initializers: example.initializers, nodes: example.nodes)
        )
        let (before, after) = (try Self.plain(model), try Self.optimised(model))
        #expect(after.nodes.map(\.operatorName) == example.left, "\(after.listing)")
        #expect(after.outputs.map { after[$0].name } == ["y"])
        let x = Self.random([3, 4])
        let expected = try Self.evaluate(before, [x])[0].elements(of: Float.self)
        let found = try Self.evaluate(after, [x])[0].elements(of: Float.self)
        for (left, right) in zip(expected, found) { #expect(abs(left - right) < 1e-5) }
    }

    struct Followers: Sendable, CustomTestStringConvertible {
        let name: String
        let nodes: [Onnx_NodeProto]
        let left: [String]
        var testDescription: String { name }
    }

    /// What may follow a convolution `c` of four channels and ends in `y`.
    static let followers: [Followers] = [
        Followers(
            name: "a normalization",
            nodes: [ModelBuilder.node("BatchNormalization", ["c", "scale", "b", "mean", "var"], ["y"])],
            left: ["Conv"]
        ),
        Followers(
            name: "a normalization, a product and a sum, as older exporters write it",
            nodes: [
                ModelBuilder.node("BatchNormalization", ["c", "scale", "b", "mean", "var"], ["n"]),
                ModelBuilder.node("Mul", ["n", "k"], ["m"]), ModelBuilder.node("Add", ["k", "m"], ["a"]),
                ModelBuilder.node("Sub", ["a", "one"], ["s"]), ModelBuilder.node("Relu", ["s"], ["y"]),
            ],
            left: ["Conv"]
        ),
        Followers(
            name: "a product along another axis",
            nodes: [ModelBuilder.node("Mul", ["c", "wide"], ["y"])],
            left: ["Conv", "Mul"]
        ),
        Followers(
            name: "a number less the result",
            nodes: [ModelBuilder.node("Sub", ["one", "c"], ["y"])],
            left: ["Conv", "Sub"]
        ),
        Followers(
            name: "a normalization whose operand others read",
            nodes: [
                ModelBuilder.node("BatchNormalization", ["c", "scale", "b", "mean", "var"], ["n"]),
                ModelBuilder.node("Mul", ["c", "n"], ["y"]),
            ],
            left: ["Conv", "BatchNormalization", "Mul"]
        ),
    ]

    @Test("fold lines per channel into a convolution without a bias, with groups", arguments: followers)
    func groups(_ followers: Followers) throws {
        var weights = Samples.Weights()
        let parameters = ["scale", "b", "mean", "var"].map { weights.tensor($0, [4], positive: true) }
        let model = ModelBuilder.model(
            ModelBuilder.graph(
                inputs: [ModelBuilder.value("x", ["N", "4", "5", "5"])],
                outputs: [ModelBuilder.value("y", ["N", "4", "3", "3"])],
                initializers: parameters + [
                    weights.tensor("w", [4, 2, 3, 3]), weights.tensor("k", [4, 1, 1]), weights.tensor("wide", [3]),
                    weights.tensor("one", [1, 1]),
                ],
                nodes: [ModelBuilder.node("Conv", ["x", "w"], ["c"], [ModelBuilder.int("group", 2)])]
                    + followers.nodes
            )
        )
        let (before, after) = (try Self.plain(model), try Self.optimised(model))
        #expect(after.nodes.map(\.operatorName) == followers.left)
        let x = Self.random([2, 4, 5, 5])
        let expected = try Self.evaluate(before, [x])[0].elements(of: Float.self)
        let found = try Self.evaluate(after, [x])[0].elements(of: Float.self)
        for (left, right) in zip(expected, found) { #expect(abs(left - right) < 1e-4 * max(abs(left), 1)) }
    }
}
