package import PicketTensor

/// ONNX Constant (opsets 1, 9, 11, 12, 13, 19, 21): a value in an attribute.
package struct Constant: Operator {
    package static let signature = OperatorSignature(
        "Constant",
        inputs: 0...0,
        attributes: ["value", "value_float", "value_floats", "value_int", "value_ints"]
    )

    /// The value, still where the model has it: an importer may make it a constant of the graph at once.
    package let value: ConstantTensor

    package init(_ node: NodeDescription) throws(OperatorFault) {
        let names = node.attributes.names
        guard names.count == 1, let name = names.first, let attribute = node.attributes[name] else {
            throw OperatorFault("\(names.count) attributes, expected one of \(Self.signature.attributes.sorted())")
        }
        switch (name, attribute) {
        case ("value", .tensor(let tensor)):
            value = tensor
        case ("value_float", .float(let number)):
            value = ConstantTensor(Tensor([number], shape: Shape([])))
        case ("value_floats", .floats(let numbers)):
            value = ConstantTensor(Tensor(numbers, shape: Shape([numbers.count])))
        case ("value_int", .int(let number)):
            value = ConstantTensor(Tensor([number], shape: Shape([])))
        case ("value_ints", .ints(let numbers)):
            value = ConstantTensor(Tensor(numbers, shape: Shape([numbers.count])))
        default:
            throw OperatorFault("attribute \(name) is of kind \(attribute.kind), which it never is")
        }
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [ConcreteFact(value.elementType, value.shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] { [nil] }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        [value.tensor()]
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try builder.constant(value, for: node.output(0))
    }
}
