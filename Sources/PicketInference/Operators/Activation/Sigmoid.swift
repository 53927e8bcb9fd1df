import CPicketKernels
import Glibc

/// ONNX Sigmoid (opsets 6, 13) on float32: 1 / (1 + exp(-x)).
package struct Sigmoid: UnaryOperator {
    package static let signature = OperatorSignature("Sigmoid", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Float) -> Float { Float(1 / (1 + exp(-Double(x)))) }

    package var kernel: UnaryKernel { UnaryKernel(operation: PICKET_UNARY_SIGMOID, cost: Cost.transcendental) }
}
