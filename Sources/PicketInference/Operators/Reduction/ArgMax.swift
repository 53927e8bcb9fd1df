/// ONNX ArgMax (opsets 1, 11, 12, 13): the index of the largest element along an axis, int64.
package struct ArgMax: ArgumentOperator {
    package static let signature = OperatorSignature("ArgMax", inputs: 1...1, attributes: ArgumentAxis.attributes)

    package let axis: ArgumentAxis

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try ArgumentAxis(node)
    }

    package static func beats<Value: Comparable>(_ challenger: Value, _ best: Value) -> Bool { challenger > best }
}
