/// ONNX Identity (opsets 1, 13, 14, 16, 19, 21): the operand itself.
package struct Identity: ReshapingOperator {
    package static let signature = OperatorSignature("Identity", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [try operands.required(0).fact]
    }
}
