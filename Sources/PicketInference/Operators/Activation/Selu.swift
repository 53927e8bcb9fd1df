import CPicketKernels
import Glibc

/// ONNX Selu (opset 6): gamma · (x < 0 ? alpha · (exp(x) - 1) : x).
package struct Selu: UnaryOperator {
    package static let signature = OperatorSignature("Selu", inputs: 1...1, attributes: ["alpha", "gamma"])

    private let alpha: Float
    private let gamma: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        alpha = try node.attributes.float("alpha") ?? 1.67326319217681884765625
        gamma = try node.attributes.float("gamma") ?? 1.05070102214813232421875
    }

    package func apply(_ x: Double) -> Double { Double(gamma) * (x < 0 ? Double(alpha) * expm1(x) : x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_SELU, alpha: alpha, beta: gamma) }
}
