import CPicketKernels
import Glibc

/// ONNX Atanh (opset 9).
package struct Atanh: UnaryOperator {
    package static let signature = OperatorSignature("Atanh", opsets: 9...21, inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { atanh(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_ATANH) }
}
