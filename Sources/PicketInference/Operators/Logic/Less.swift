/// ONNX Less (opsets 7, 9, 13): a < b with broadcasting.
package struct Less: ComparisonOperator {
    package static let signature = OperatorSignature("Less", inputs: 2...2)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package static func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool { left < right }
}
