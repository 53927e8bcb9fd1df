import CPicketKernels
import Glibc

/// ONNX Exp (opsets 6, 13).
package struct Exp: UnaryOperator {
    package static let signature = OperatorSignature("Exp", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { exp(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_EXP) }
}
