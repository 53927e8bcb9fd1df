package import PicketTensor

/// ONNX Identity (opset 1): the operand itself.
package struct Identity: Operator {
    package static let signature = OperatorSignature("Identity", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [try operands.required(0).fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [context.axes[0]]
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        [try operands.required(0)]
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try builder.alias(node.output(0), of: node.input(0))
    }
}
