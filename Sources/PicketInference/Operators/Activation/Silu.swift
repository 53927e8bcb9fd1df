import CPicketKernels

/// x / (1 + exp(-x)), which ONNX before opset 24 writes as a product with Sigmoid; passes make it.
package struct Silu: UnaryOperator, ActivationOperator {
    package static let signature = OperatorSignature("Silu", domain: "picket", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    /// The function itself, for passes that find it in a graph.
    package init() {}

    package func apply(_ x: Double) -> Double { Activation.silu(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_SILU) }

    package func activation(_ operands: [OperandFact?]) -> Activation? { .silu }
}
