import CPicketKernels
import Glibc

/// ONNX Celu (opset 12): max(x, 0) + min(alpha · (exp(x / alpha) - 1), 0).
package struct Celu: UnaryOperator {
    package static let signature = OperatorSignature("Celu", opsets: 12...21, inputs: 1...1, attributes: ["alpha"])

    private let alpha: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        alpha = try node.attributes.float("alpha") ?? 1
    }

    package func apply(_ x: Double) -> Double {
        x.isNaN ? x : max(x, 0) + min(Double(alpha) * expm1(x / Double(alpha)), 0)
    }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_CELU, alpha: alpha) }
}
