import CPicketKernels
package import PicketTensor

/// ONNX Sign (opsets 9, 13): -1, 0 or 1; NaN stays NaN.
package struct Sign: UnaryOperator {
    package static let signature = OperatorSignature("Sign", opsets: 9...21, inputs: 1...1)
    package static let types: Set<ElementType> = .numbers

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : x }

    package func apply<Number: FixedWidthInteger>(_ x: Number) -> Number { x.signum() }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_SIGN) }
}
