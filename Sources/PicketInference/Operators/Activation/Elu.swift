import CPicketKernels
import Glibc

/// ONNX Elu (opset 6): x < 0 ? alpha · (exp(x) - 1) : x.
package struct Elu: UnaryOperator {
    package static let signature = OperatorSignature("Elu", inputs: 1...1, attributes: ["alpha"])

    private let alpha: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        alpha = try node.attributes.float("alpha") ?? 1
    }

    package func apply(_ x: Double) -> Double { x < 0 ? Double(alpha) * expm1(x) : x }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_ELU, alpha: alpha) }
}
