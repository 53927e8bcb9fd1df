import CPicketKernels
import Glibc

/// ONNX Tan (opset 7).
package struct Tan: UnaryOperator {
    package static let signature = OperatorSignature("Tan", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { tan(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_TAN) }
}
