import CPicketKernels
import Glibc

/// ONNX Acos (opset 7).
package struct Acos: UnaryOperator {
    package static let signature = OperatorSignature("Acos", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { acos(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_ACOS) }
}
