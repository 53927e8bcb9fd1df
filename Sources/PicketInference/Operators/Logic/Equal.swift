package import PicketTensor

/// ONNX Equal (opsets 7, 11, 13, 19): a = b with broadcasting.
package struct Equal: ComparisonOperator {
    package static let signature = OperatorSignature("Equal", inputs: 2...2)
    package static let types: Set<ElementType> = .all

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package static func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool { left == right }
}
