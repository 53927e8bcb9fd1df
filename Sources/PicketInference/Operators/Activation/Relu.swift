import CPicketKernels

/// ONNX Relu (opsets 6, 13, 14) on float32: max(x, 0).
package struct Relu: UnaryOperator, ActivationOperator {
    package static let signature = OperatorSignature("Relu", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Float) -> Float { Activation.relu(x) }

    package var kernel: UnaryKernel { UnaryKernel(operation: PICKET_UNARY_RELU) }

    package func activation(_ operands: [OperandFact?]) -> Activation? { .relu }
}
