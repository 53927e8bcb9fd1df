/// Axes that are an attribute up to some opset and operand 1 from there on.
struct AxesOperand: Sendable {
    private let attribute: [Int]?
    private let isOperand: Bool

    init(_ node: NodeDescription, operandSince opset: Int) throws(OperatorFault) {
        attribute = try node.attributes.ints("axes")
        isOperand = node.opset >= opset
        if isOperand, attribute != nil {
            throw OperatorFault("attribute axes in opset \(node.opset), expected them as input 1 since opset \(opset)")
        }
        if !isOperand, node.inputs.count > 1 {
            throw OperatorFault("2 inputs in opset \(node.opset), expected axes as an attribute before opset \(opset)")
        }
    }

    /// The axes as the model has them; nil where it names none.
    func values(_ operands: [OperandFact?]) throws(OperatorFault) -> [Int]? {
        guard isOperand else { return attribute }
        return try operands.optional(1).map { operand throws(OperatorFault) in try operand.integers("axes") }
    }
}
