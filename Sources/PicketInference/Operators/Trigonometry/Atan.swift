import CPicketKernels
import Glibc

/// ONNX Atan (opset 7).
package struct Atan: UnaryOperator {
    package static let signature = OperatorSignature("Atan", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { atan(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_ATAN) }
}
