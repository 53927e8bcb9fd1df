import CPicketKernels
import Glibc

/// ONNX Cosh (opset 9).
package struct Cosh: UnaryOperator {
    package static let signature = OperatorSignature("Cosh", opsets: 9...21, inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { cosh(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_COSH) }
}
