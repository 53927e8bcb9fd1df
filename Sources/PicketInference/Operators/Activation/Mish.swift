import CPicketKernels
import Glibc

/// ONNX Mish (opset 18): x · tanh(log(1 + exp(x))).
package struct Mish: UnaryOperator {
    package static let signature = OperatorSignature("Mish", opsets: 18...21, inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x * tanh(log1p(exp(x))) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_MISH) }
}
