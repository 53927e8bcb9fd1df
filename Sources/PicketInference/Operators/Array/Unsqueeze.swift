/// ONNX Unsqueeze (opsets 1, 11 with attribute axes; 13, 21 with operand axes): inserts axes of extent 1.
package struct Unsqueeze: ReshapingOperator {
    package static let signature = OperatorSignature("Unsqueeze", inputs: 1...2, attributes: ["axes"])

    private let axes: AxesOperand

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try AxesOperand(node, operandSince: 13)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        guard let given = try axes.values(operands) else { throw OperatorFault("axes are missing") }
        let inserted = try normalised(axes: given, rank: operand.shape.rank + given.count)
        var dimensions = operand.shape.dimensions
        for axis in inserted { dimensions.insert(1, at: axis) }
        return [try .checked(operand.elementType, dimensions)]
    }
}
