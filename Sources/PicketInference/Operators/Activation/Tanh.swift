import CPicketKernels
import Glibc

/// ONNX Tanh (opsets 6, 13) on float32.
package struct Tanh: UnaryOperator {
    package static let signature = OperatorSignature("Tanh", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Float) -> Float { Float(tanh(Double(x))) }

    package var kernel: UnaryKernel { UnaryKernel(operation: PICKET_UNARY_TANH, cost: Cost.transcendental) }
}
