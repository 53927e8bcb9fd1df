/// ONNX GreaterOrEqual (opsets 12, 16): a >= b with broadcasting.
package struct GreaterOrEqual: ComparisonOperator {
    package static let signature = OperatorSignature("GreaterOrEqual", opsets: 12...21, inputs: 2...2)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package static func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool { left >= right }
}
