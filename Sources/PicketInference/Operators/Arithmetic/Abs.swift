import CPicketKernels
package import PicketTensor

/// ONNX Abs (opsets 6, 13): the absolute value; the smallest integer stays itself.
package struct Abs: UnaryOperator {
    package static let signature = OperatorSignature("Abs", inputs: 1...1)
    package static let types: Set<ElementType> = .numbers

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ x: Double) -> Double { x.magnitude }

    package func apply<Number: FixedWidthInteger>(_ x: Number) -> Number { x < 0 ? 0 &- x : x }

    package var kernel: UnaryKernel? { UnaryKernel(operation: PICKET_UNARY_ABS) }
}
