package import CPicketKernels
package import PicketTensor

/// ONNX Max (opsets 6, 8, 12, 13) with broadcasting; NaN where an operand is NaN.
package struct Max: VariadicOperator {
    package static let signature = OperatorSignature("Max", inputs: 1...Int.max)
    package static let types: Set<ElementType> = .numbers
    package static let kernel = PICKET_BINARY_MAXIMUM

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package static func apply(_ left: Double, _ right: Double) -> Double { left.isNaN || left > right ? left : right }

    package static func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number { max(left, right) }
}
