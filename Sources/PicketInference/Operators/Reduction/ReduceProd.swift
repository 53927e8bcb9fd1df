/// ONNX ReduceProd (opsets 1, 11, 13 with attribute axes; 18 with operand axes): the product; of nothing 1.
package struct ReduceProd: ReduceOperator {
    package static let signature = OperatorSignature("ReduceProd", inputs: 1...2, attributes: attributes)
    package static let integers = IntegerReduction.product

    package let axes: ReductionAxes

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try ReductionAxes(node, operandSince: 18)
    }

    package var start: Double { 1 }

    package func step(_ state: inout Double, _ x: Double) { state *= x }

    package func finish(_ state: Double, count: Int) -> Double { state }
}
