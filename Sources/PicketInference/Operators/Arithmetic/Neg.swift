import CPicketKernels
package import PicketTensor

/// ONNX Neg (opsets 6, 13): -x; the smallest integer stays itself.
package struct Neg: UnaryOperator {
    package static let signature = OperatorSignature("Neg", inputs: 1...1)
    package static let types: Set<ElementType> = Set.floats.union(Set.signedIntegers)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { -x }

    package func apply<Number: FixedWidthInteger>(_ x: Number) -> Number { 0 &- x }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_NEGATE) }
}
