import CPicketKernels
import Glibc

/// ONNX Acosh (opset 9).
package struct Acosh: UnaryOperator {
    package static let signature = OperatorSignature("Acosh", opsets: 9...21, inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { acosh(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_ACOSH) }
}
