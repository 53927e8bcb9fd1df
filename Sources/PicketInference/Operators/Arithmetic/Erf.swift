import CPicketKernels
import Glibc
package import PicketTensor

/// ONNX Erf (opsets 9, 13): the error function; integers, which the specification lets in, become the integer towards
/// zero.
package struct Erf: UnaryOperator {
    package static let signature = OperatorSignature("Erf", opsets: 9...21, inputs: 1...1)
    package static let types: Set<ElementType> = .numbers

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { erf(x) }

    package func apply<Number: FixedWidthInteger>(_ x: Number) -> Number { Number(saturating: erf(Double(x))) }

    package var kernel: UnaryKernel? { .transcendental(PICKET_UNARY_ERF) }
}
