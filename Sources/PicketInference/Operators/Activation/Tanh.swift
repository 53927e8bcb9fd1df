import CPicketKernels
import Glibc

/// ONNX Tanh (opsets 6, 13).
package struct Tanh: UnaryOperator {
    package static let signature = OperatorSignature("Tanh", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { tanh(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_TANH) }
}
