import CPicketKernels
import Glibc

/// ONNX Asinh (opset 9).
package struct Asinh: UnaryOperator {
    package static let signature = OperatorSignature("Asinh", opsets: 9...21, inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { asinh(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_ASINH) }
}
