import CPicketKernels
import Glibc

/// ONNX Asin (opset 7).
package struct Asin: UnaryOperator {
    package static let signature = OperatorSignature("Asin", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { asin(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_ASIN) }
}
