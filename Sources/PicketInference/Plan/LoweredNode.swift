/// A node with concrete shapes, on its way into a plan.
package struct LoweredNode: Sendable {
    package let node: Node
    package let operands: [OperandFact?]
    package let results: [ConcreteFact]

    /// An operand that the signature requires.
    func input(_ index: Int) throws(OperatorFault) -> ValueID { try node.inputs.required(index) }

    /// A result; nil where nobody wants it.
    func output(_ index: Int) throws(OperatorFault) -> ValueID { try node.outputs.required(index) }
}
