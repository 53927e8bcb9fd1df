/// ONNX Squeeze (opsets 1, 11 with attribute axes; 13, 21 with operand axes): drops axes of extent 1.
package struct Squeeze: ReshapingOperator {
    package static let signature = OperatorSignature("Squeeze", inputs: 1...2, attributes: ["axes"])

    private let axes: AxesOperand

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try AxesOperand(node, operandSince: 13)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        let dimensions = operand.shape.dimensions
        let given = try axes.values(operands)
        let dropped =
            try given.map { axes throws(OperatorFault) in try normalised(axes: axes, rank: dimensions.count) }
            ?? dimensions.indices.filter { dimensions[$0] == 1 }
        for axis in dropped where dimensions[axis] != 1 {
            throw OperatorFault("axis \(axis) of \(operand.shape) has extent \(dimensions[axis]), expected 1")
        }
        let kept = dimensions.indices.filter { !dropped.contains($0) }.map { dimensions[$0] }
        return [try .checked(operand.elementType, kept)]
    }
}
