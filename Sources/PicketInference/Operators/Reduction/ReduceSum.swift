/// ONNX ReduceSum (opsets 1, 11 with attribute axes; 13 with operand axes).
package struct ReduceSum: ReduceOperator {
    package static let signature = OperatorSignature("ReduceSum", inputs: 1...2, attributes: attributes)
    package static let integers = IntegerReduction.sum

    package let axes: ReductionAxes

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try ReductionAxes(node, operandSince: 13)
    }

    package var start: Double { 0 }

    package func step(_ state: inout Double, _ x: Double) { state += x }

    package func finish(_ state: Double, count: Int) -> Double { state }
}
