package import CPicketKernels

/// ONNX Div (opsets 7, 13, 14): a / b with broadcasting; integers round towards zero, and by zero is a fault of the run.
package struct Div: ArithmeticOperator {
    package static let signature = OperatorSignature("Div", inputs: 2...2)
    package static let kernel = PICKET_BINARY_DIVIDE

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package static func apply<Number: BinaryFloatingPoint>(_ left: Number, _ right: Number) -> Number { left / right }

    package static func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number? {
        guard right != 0 else { return nil }
        // The smallest number by -1 wraps to itself.
        return left.dividedReportingOverflow(by: right).partialValue
    }
}
