import PicketInference
import PicketTensor
import Testing

/// A node that cannot be, and what its fault must name.
struct Refusal: Sendable, CustomTestStringConvertible {
    var operatorName: String
    var shapes: [[Int]?]
    var attributes: [String: AttributeValue] = [:]
    var opset = 17
    /// Contents of operands that the shape rule reads, by position.
    var known: [Int: [Int64]] = [:]
    var type = ElementType.float32
    var reason: String

    init(
        _ operatorName: String,
        _ shapes: [[Int]?],
        _ attributes: [String: AttributeValue] = [:],
        opset: Int = 17,
        known: [Int: [Int64]] = [:],
        type: ElementType = .float32,
        because reason: String
    ) {
        self.operatorName = operatorName
        self.shapes = shapes
        self.attributes = attributes
        self.opset = opset
        self.known = known
        self.type = type
        self.reason = reason
    }

    var testDescription: String { "\(operatorName): \(reason)" }

    static let image = [2, 4, 8, 8]

    static let all: [Refusal] = [
        // The registry
        Refusal("Nothing", [[1]], because: "operator Nothing is not supported"),
        Refusal("Relu", [[1]], opset: 6, because: "not supported in opset 6"),
        Refusal("HardSwish", [[1]], opset: 13, because: "not supported in opset 13"),
        Refusal("Relu", [], because: "input 0 is missing"),
        Refusal("Conv", [image, nil], because: "input 1 is missing"),
        Refusal("Relu", [[1], [1]], because: "2 inputs, expected at most 1"),
        Refusal("Relu", [[1]], ["alpha": .float(1)], because: "attribute alpha is not one that Relu has"),
        Refusal("LeakyRelu", [[1]], ["alpha": .int(1)], because: "attribute alpha is of kind INT, expected FLOAT"),
        // Windows
        Refusal("Conv", [image, [8, 4, 3, 3]], ["strides": .ints([0, 1])], because: "strides holds 0"),
        Refusal("Conv", [image, [8, 4, 3, 3]], ["strides": .ints([1])], because: "strides has 1 values, expected 2"),
        Refusal("Conv", [image, [8, 4, 3, 3]], ["pads": .ints([1, 1])], because: "pads has 2 values, expected 4"),
        Refusal("Conv", [image, [8, 4, 3, 3]], ["pads": .ints([-1, 0, 0, 0])], because: "pads holds -1"),
        Refusal("Conv", [image, [8, 4, 3, 3]], ["dilations": .ints([.max, 1])], because: "dilations holds"),
        Refusal(
            "Conv",
            [image, [8, 4, 3, 3]],
            ["kernel_shape": .ints([3, 2])],
            because: "kernel_shape is [3, 2], but"
        ),
        Refusal("Conv", [image, [8, 4, 9, 9]], because: "does not fit 8"),
        Refusal("Conv", [image, [8, 3, 3, 3]], because: "4 channels"),
        Refusal("Conv", [image, [8, 2, 3, 3]], ["group": .int(3)], because: "do not fit group 3"),
        Refusal("Conv", [image, [8, 2, 3, 3]], ["group": .int(0)], because: "group is 0"),
        Refusal("Conv", [image, [8, .max >> 20, 3, 3]], ["group": .int(.max)], because: "result shape"),
        Refusal("Conv", [image, [8, 4, 3, 3], [7]], because: "B has shape [7], expected [8]"),
        Refusal("Conv", [[2, 4, 8, 8, 8, 8], [8, 4, 3, 3, 3, 3]], because: "4 spatial axes are not supported"),
        Refusal("Conv", [image, [8, 4, 3]], because: "expected equal ranks"),
        Refusal("Conv", [image, [8, 4, 3, 3]], ["auto_pad": .string("SAME")], because: "auto_pad is \"SAME\""),
        Refusal("Conv", [image, [8, 4, 3, 3]], type: .uint8, because: "X is uint8, expected a float type"),
        Refusal("MaxPool", [image], because: "kernel_shape is missing"),
        Refusal("MaxPool", [[2, 4]], ["kernel_shape": .ints([2])], because: "expected rank 3 to 5"),
        Refusal(
            "MaxPool",
            [image],
            ["kernel_shape": .ints([2, 2]), "pads": .ints([2, 0, 0, 0])],
            because: "hides a whole window"
        ),
        Refusal("AveragePool", [image], ["kernel_shape": .ints([9, 9])], because: "does not fit"),
        Refusal("GlobalAveragePool", [[2, 4]], because: "expected rank 3 or more"),
        // Products
        Refusal("Gemm", [[2, 3], [4, 5]], because: "do not multiply"),
        Refusal("Gemm", [[2, 3, 1], [3, 5]], because: "expected matrices"),
        Refusal("Gemm", [[2, 3], [3, 5], [4]], because: "do not broadcast"),
        Refusal("Gemm", [[1, 3], [3, 1], [2, 2]], because: "does not broadcast to [1, 1]"),
        Refusal("Gemm", [[2, 3], [3, 5]], ["transA": .int(2)], because: "transA is 2, expected 0 or 1"),
        Refusal("Gemm", [[2, 3], [3, 5]], opset: 9, because: "C is missing"),
        Refusal("MatMul", [[2, 3], [4, 5]], because: "do not multiply"),
        Refusal("MatMul", [[], [4, 5]], because: "expected no scalars"),
        Refusal("MatMul", [[2, 4, 3], [3, 3, 5]], because: "do not broadcast"),
        Refusal("MatMul", [[1 << 30, 1], [1, 1 << 30]], because: "result shape"),
        // Normalisation and activation
        Refusal("BatchNormalization", [image, [4], [4], [4], [3]], because: "variance has shape [3], expected [4]"),
        Refusal("BatchNormalization", [[4], [4], [4], [4], [4]], because: "expected rank 2 or more"),
        Refusal(
            "BatchNormalization",
            [image, [4], [4], [4], [4]],
            ["training_mode": .int(1)],
            because: "training_mode is 1"
        ),
        Refusal("Clip", [[3], [2]], because: "input 1 is float32 [2], expected a float32 scalar"),
        Refusal("Clip", [[3]], ["min": .float(0)], opset: 13, because: "bounds are inputs in opset 13"),
        Refusal("Softmax", [[2, 3]], ["axis": .int(2)], because: "axis is 2, expected -2 to 1"),
        Refusal("Softmax", [[2, 3]], ["axis": .int(.min)], because: "axis is"),
        // Arithmetic
        Refusal("Add", [[2, 3], [4]], because: "shapes [2, 3] and [4] do not broadcast"),
        Refusal("Mul", [[1 << 21, 1], [1, 1 << 20]], because: "result shape"),
        Refusal("Div", [[2], [2]], type: .bool, because: "inputs are bool"),
        // Arrays
        Refusal("Reshape", [[2, 3], [2]], known: [1: [-1, -1]], because: "result shape"),
        Refusal("Reshape", [[2, 3], [2]], known: [1: [4, -1]], because: "does not divide [2, 3]"),
        Refusal("Reshape", [[2, 3], [2]], known: [1: [-2, 3]], because: "extent -2"),
        Refusal("Reshape", [[2, 3], [3]], known: [1: [0, 3, 0]], because: "copies axis 2"),
        Refusal("Reshape", [[2, 3], [2]], known: [1: [.max, .max]], because: "result shape"),
        Refusal("Reshape", [[2, 3], [2]], known: [1: [7, 1]], because: "[2, 3] does not reshape to [7, 1]"),
        Refusal("Reshape", [[2, 3], [2]], type: .int64, because: "computed from the data"),
        Refusal("Flatten", [[2, 3]], ["axis": .int(3)], because: "axis is 3, expected -2 to 2"),
        Refusal("Squeeze", [[2, 3], [1]], known: [1: [0]], because: "axis 0 of [2, 3] has extent 2"),
        Refusal("Squeeze", [[2, 3]], ["axes": .ints([0])], because: "expected them as input 1"),
        Refusal("Squeeze", [[1, 3], [1]], opset: 11, known: [1: [0]], because: "expected axes as an attribute"),
        Refusal("Unsqueeze", [[2, 3], [2]], known: [1: [0, -4]], because: "name an axis twice"),
        Refusal("Unsqueeze", [[2, 3], [1]], known: [1: [.min]], because: "axis is"),
        Refusal("Unsqueeze", [[2, 3]], because: "axes are missing"),
        Refusal("Transpose", [[2, 3]], ["perm": .ints([0, 0])], because: "expected an order of 0 to 1"),
        Refusal("Transpose", [[2, 3]], ["perm": .ints([0])], because: "expected an order of 0 to 1"),
        Refusal("Concat", [[2, 3], [2, 4]], ["axis": .int(0)], because: "does not go behind"),
        Refusal("Concat", [[2, 3], [2]], ["axis": .int(0)], because: "input 1 is float32 [2]"),
        Refusal("Concat", [[2, 3]], because: "axis is missing"),
        Refusal(
            "Pad",
            [[2, 3], [4]],
            ["mode": .string("mirror")],
            known: [1: [0, 0, 0, 0]],
            because: "mode is \"mirror\""
        ),
        Refusal("Pad", [[2, 3], [3]], known: [1: [0, 0, 0]], because: "has 3 values, expected 4"),
        Refusal("Pad", [[2, 3], [4]], known: [1: [-3, 0, 0, 0]], because: "too many from axis 0"),
        Refusal("Pad", [[2, 3], [4]], known: [1: [.max, 0, .max, 0]], because: "too large"),
        Refusal(
            "Pad",
            [[2, 3], [4]],
            ["mode": .string("reflect")],
            known: [1: [2, 0, 0, 0]],
            because: "reflects 2 elements"
        ),
        Refusal("Gather", [[2, 3], [1]], ["axis": .int(2)], known: [1: [0]], because: "axis is 2"),
        Refusal("Gather", [[2, 3], [1]], because: "indices are float32"),
        Refusal("Cast", [[2]], because: "attribute to is missing"),
        Refusal("Cast", [[2]], ["to": .int(8)], because: "data type 8"),
        Refusal("Constant", [], because: "0 attributes"),
        Refusal("Constant", [], ["value": .int(1)], because: "is of kind INT"),
        Refusal("Dropout", [[2], nil, [1]], because: "training_mode is computed from the data"),
        Refusal("ReduceMean", [[2, 3], [1]], opset: 18, known: [1: [2]], because: "axis is 2"),
        Refusal("ReduceMean", [[2, 3]], ["axes": .ints([0, -2])], because: "name an axis twice"),
    ]
}

@Suite("Operators refuse what cannot be")
struct OperatorRefusalTests {
    @Test("with a reason", arguments: Refusal.all + Refusal.computing)
    func refused(_ item: Refusal) throws {
        let fault = #expect(throws: OperatorFault.self) {
            let operation = try OperatorRegistry.standard.make(
                domain: "",
                name: item.operatorName,
                node: NodeDescription(
                    attributes: NodeAttributes(item.attributes),
                    opset: item.opset,
                    inputs: item.shapes.map { $0 != nil },
                    outputs: [true]
                )
            )
            var operands: [OperandFact?] = []
            for (index, extents) in item.shapes.enumerated() {
                if let values = item.known[index] {
                    operands.append(OperandFact(ConstantTensor(Tensor(values, shape: Shape([values.count])))))
                } else {
                    operands.append(try extents.map { OperandFact(ConcreteFact(item.type, try shape($0))) })
                }
            }
            _ = try operation.infer(operands)
        }
        #expect(fault?.reason.contains(item.reason) == true, "\(fault?.reason ?? "nothing thrown")")
    }

    private func shape(_ extents: [Int]) throws(OperatorFault) -> Shape {
        do {
            return try Shape(validating: extents)
        } catch {
            throw OperatorFault("result shape: \(error)")
        }
    }

    @Test("at run time, where the operands' content makes no sense")
    func content() throws {
        var builder = GraphBuilder()
        let index = builder.input("index", type: .int64, [.known(1)])
        let gathered = try builder.node("Gather", [builder.weights(3, 2), index])
        let session = Session(try CompiledGraph(builder.finish([gathered]), kernels: KernelTable.selected()))
        for bad in [3, -4, .max, .min] as [Int64] {
            let fault = #expect(throws: SessionFault.self) {
                try session.run(["index": Tensor([bad], shape: Shape([1]))])
            }
            #expect(fault?.description.contains("node 0") == true)
            #expect(fault?.description.contains("index \(bad) lies outside axis 0, which has 3 elements") == true)
        }
        let good = try session.run(["index": Tensor([Int64(-1)], shape: Shape([1]))])
        #expect(good.values.first?.elements(of: Float.self) == Array(randomFloats(6, seed: 1)[4...]))
    }

    @Test("division of integers by zero")
    func division() throws {
        var builder = GraphBuilder()
        let (x, y) = (builder.input("x", type: .int32, [.known(2)]), builder.input("y", type: .int32, [.known(2)]))
        let quotient = try builder.node("Div", [x, y])
        let session = Session(try CompiledGraph(builder.finish([quotient]), kernels: KernelTable.selected()))
        let (left, zero) = (Tensor([Int32(1), .min], shape: Shape([2])), Tensor([Int32(1), 0], shape: Shape([2])))
        #expect(throws: SessionFault.self) { try session.run(["x": left, "y": zero]) }
        let minusOne = Tensor([Int32(1), -1], shape: Shape([2]))
        #expect(try session.run(["x": left, "y": minusOne]).values.first?.elements(of: Int32.self) == [1, .min])
    }
}
