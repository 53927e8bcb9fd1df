import CPicketKernels

/// ONNX HardSigmoid (opset 6): max(0, min(1, alpha · x + beta)).
package struct HardSigmoid: UnaryOperator {
    package static let signature = OperatorSignature("HardSigmoid", inputs: 1...1, attributes: ["alpha", "beta"])

    package let alpha: Float
    package let beta: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        alpha = try node.attributes.float("alpha") ?? 0.2
        beta = try node.attributes.float("beta") ?? 0.5
    }

    package func apply(_ x: Double) -> Double { x.isNaN ? x : max(0, min(1, Double(alpha) * x + Double(beta))) }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_HARD_SIGMOID, alpha: alpha, beta: beta) }
}
