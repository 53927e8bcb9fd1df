import CPicketKernels
import Glibc

/// ONNX Sinh (opset 9).
package struct Sinh: UnaryOperator {
    package static let signature = OperatorSignature("Sinh", opsets: 9...21, inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { sinh(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_SINH) }
}
