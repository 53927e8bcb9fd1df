import CPicketKernels

/// ONNX ThresholdedRelu (opset 10): x > alpha ? x : 0.
package struct ThresholdedRelu: UnaryOperator {
    package static let signature = OperatorSignature(
        "ThresholdedRelu",
        opsets: 10...21,
        inputs: 1...1,
        attributes: ["alpha"]
    )

    private let alpha: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        alpha = try node.attributes.float("alpha") ?? 1
    }

    package func apply(_ x: Double) -> Double { x > Double(alpha) || x.isNaN ? x : 0 }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_THRESHOLDED_RELU, alpha: alpha) }
}
