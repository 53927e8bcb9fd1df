import CPicketKernels
import Glibc

/// ONNX Cos (opset 7).
package struct Cos: UnaryOperator {
    package static let signature = OperatorSignature("Cos", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { cos(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_COS) }
}
