/// ONNX IsNaN (opsets 9, 13, 20).
package struct IsNaN: PredicateOperator {
    package static let signature = OperatorSignature("IsNaN", opsets: 9...21, inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func holds(_ x: Double) -> Bool { x.isNaN }
}
