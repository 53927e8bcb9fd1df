import CPicketKernels
import Glibc

/// ONNX Sin (opset 7).
package struct Sin: UnaryOperator {
    package static let signature = OperatorSignature("Sin", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { sin(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_SIN) }
}
