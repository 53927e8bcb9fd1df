import CPicketKernels
import Glibc

/// ONNX Softplus (opset 1): log(1 + exp(x)).
package struct Softplus: UnaryOperator {
    package static let signature = OperatorSignature("Softplus", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_SOFTPLUS) }
}
