import CPicketKernels

/// ONNX LeakyRelu (opsets 6, 16): x < 0 ? alpha · x : x.
package struct LeakyRelu: UnaryOperator, ActivationOperator {
    package static let signature = OperatorSignature("LeakyRelu", inputs: 1...1, attributes: ["alpha"])

    private let alpha: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        alpha = try node.attributes.float("alpha") ?? 0.01
    }

    package func apply(_ x: Double) -> Double { Activation.leakyRelu(alpha: alpha)(x) }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_LEAKY_RELU, alpha: alpha) }

    package func activation(_ operands: [OperandFact?]) -> Activation? { .leakyRelu(alpha: alpha) }
}
