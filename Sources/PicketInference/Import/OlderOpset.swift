internal import PicketSchemas
internal import PicketTensor

/// Nodes of operator sets before 7, the first that the registry knows, as nodes of 7.
///
/// Up to opset 6 a second operand is broadcast by attributes, normalisation and dropout are told that they are not in
/// training, and PRelu's slopes lie along the channels. Opset 6 is read whole; of those before, the operators that did
/// not change.
struct OlderOpset {
    /// What the nodes of the older sets become.
    static let modern = 7

    /// Read whole.
    private static let whole = 6

    /// Operators of opset 1 that opset 6 has unchanged, but for a hint about memory.
    private static let unchanged: Set<String> = [
        "Abs", "AveragePool", "Ceil", "Conv", "ConvTranspose", "DepthToSpace", "Elu", "Exp", "Flatten", "Floor",
        "GlobalAveragePool", "GlobalMaxPool", "Identity", "LRN", "LeakyRelu", "Log", "LogSoftmax", "MaxPool", "Neg",
        "Not",
        "Reciprocal", "Relu", "Selu", "Shape", "Sigmoid", "Softmax", "Softplus", "Softsign", "SpaceToDepth", "Sqrt",
        "Squeeze", "Sum", "Tanh", "Transpose", "Unsqueeze",
    ]

    private static let arithmetic: Set<String> = [
        "Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal", "Greater", "Less",
    ]

    let opset: Int

    /// Attributes of a node as opset 7 has them, and where its operand 1 begins among the axes of operand 0; nil where it is
    /// aligned as opset 7 aligns.
    ///
    /// - Throws: what opset 7 cannot say.
    func modernised(
        _ name: String,
        _ attributes: [String: AttributeValue],
        rank: (_ operand: Int) -> Int?
    ) throws(OperatorFault) -> (attributes: [String: AttributeValue], axis: Int?) {
        guard opset >= Self.whole || Self.unchanged.contains(name) else {
            throw OperatorFault("operator \(name) is not supported")
        }
        var rest = attributes
        rest["consumed_inputs"] = nil
        switch name {
        case "BatchNormalization", "InstanceNormalization", "Dropout":
            let isTest = try NodeAttributes(attributes).flag("is_test", default: name != "BatchNormalization")
            guard isTest || name == "Dropout" else { throw OperatorFault("training is not supported") }
            rest["is_test"] = nil
        case "Gemm":
            rest["broadcast"] = nil
        case "PRelu":
            guard let slope = rank(1) else { throw OperatorFault("the rank of its slope is not known") }
            return (rest, slope == 1 ? 1 : nil)
        case _ where Self.arithmetic.contains(name):
            rest["broadcast"] = nil
            rest["axis"] = nil
            guard let axis = try NodeAttributes(attributes).int("axis") else { return (rest, nil) }
            guard let left = rank(0), let right = rank(1) else {
                throw OperatorFault("the ranks of its operands are not known, which axis \(axis) counts in")
            }
            let begin = axis < 0 ? axis + left : axis
            // An operand of the same rank broadcasts in place, whatever the axis.
            return (rest, left == right || begin + right == left ? nil : begin)
        default:
            break
        }
        return (rest, nil)
    }
}

extension GraphImporter {
    /// A node of an older operator set as one of opset 7: its attributes, and operand 1 with the axes of extent 1 that
    /// alignment by an attribute stands for.
    mutating func modernised(
        _ node: Described,
        _ attributes: [String: AttributeValue],
        _ inputs: [ValueID?]
    ) throws(OperatorFault) -> (attributes: [String: AttributeValue], inputs: [ValueID?]) {
        guard node.opset < OlderOpset.modern, ModelDocument.standard(node.proto.domain).isEmpty else {
            return (attributes, inputs)
        }
        let modern = try OlderOpset(opset: node.opset).modernised(node.proto.opType, attributes) { operand in
            inputs.optional(operand).flatMap { rank(of: $0) }
        }
        guard let axis = modern.axis, let left = inputs.optional(0), let right = inputs.optional(1),
            let rank = rank(of: left), let own = self.rank(of: right), own > 0
        else { return (modern.attributes, inputs) }
        guard axis >= 0, axis + own <= rank else {
            throw OperatorFault("axis \(axis) leaves no room for \(own) axes among \(rank)")
        }
        guard axis + own < rank else { return (modern.attributes, inputs) }
        let axes = NodeAttributes(["axes": .ints((own..<rank - axis).map { Int64($0) })])
        let unsqueeze = try Unsqueeze(
            NodeDescription(attributes: axes, opset: OlderOpset.modern, inputs: [true], outputs: [true])
        )
        let aligned = addValue("\(node.name) operand 1 aligned")
        addNode(Node(name: "\(node.name) aligned", operation: unsqueeze, inputs: [right], outputs: [aligned]))
        return (modern.attributes, [left, aligned] + inputs.dropFirst(2))
    }

    private func rank(of id: ValueID) -> Int? {
        graph.constants[id]?.shape.rank ?? graph[id].declared?.dimensions?.count
    }
}
