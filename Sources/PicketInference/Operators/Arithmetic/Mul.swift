package import CPicketKernels

/// ONNX Mul (opsets 7, 13, 14): a · b with broadcasting.
package struct Mul: ArithmeticOperator {
    package static let signature = OperatorSignature("Mul", inputs: 2...2)
    package static let kernel = PICKET_BINARY_MULTIPLY

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package static func apply<Number: BinaryFloatingPoint>(_ left: Number, _ right: Number) -> Number { left * right }

    package static func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number? { left &* right }
}
