import CPicketKernels
import Glibc

/// ONNX Log (opsets 6, 13): natural; NaN below zero, -infinity of zero.
package struct Log: UnaryOperator {
    package static let signature = OperatorSignature("Log", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { log(x) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_LOG) }
}
