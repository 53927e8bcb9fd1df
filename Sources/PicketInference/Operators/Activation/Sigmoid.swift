import CPicketKernels

/// ONNX Sigmoid (opsets 6, 13): 1 / (1 + exp(-x)).
package struct Sigmoid: UnaryOperator, ActivationOperator {
    package static let signature = OperatorSignature("Sigmoid", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { Activation.sigmoid(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_SIGMOID) }

    package func activation(_ operands: [OperandFact?]) -> Activation? { .sigmoid }
}
