import CPicketKernels

/// ONNX HardSwish (opset 14): x · min(max(x / 6 + 1 / 2, 0), 1).
package struct HardSwish: UnaryOperator, ActivationOperator {
    package static let signature = OperatorSignature("HardSwish", opsets: 14...21, inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    /// The function itself, for passes that find it in a graph.
    package init() {}

    package func apply(_ x: Double) -> Double { Activation.hardSwish(x) }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_HARD_SWISH) }

    package func activation(_ operands: [OperandFact?]) -> Activation? { .hardSwish }
}
