package import CPicketKernels
package import PicketTensor

/// ONNX Div (opsets 7, 13, 14): a / b with broadcasting; integers round towards zero, and by zero is a fault of the
/// run.
package struct Div: BinaryOperator {
    package static let signature = OperatorSignature("Div", inputs: 2...2)
    package static let types: Set<ElementType> = .numbers
    package static let kernel: picket_binary? = PICKET_BINARY_DIVIDE

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func apply(_ left: Double, _ right: Double) -> Double { left / right }

    package func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) throws(OperatorFault) -> Number {
        guard right != 0 else { throw OperatorFault("divides \(left) by \(right)") }
        // The smallest number by -1 wraps to itself.
        return left.dividedReportingOverflow(by: right).partialValue
    }
}
