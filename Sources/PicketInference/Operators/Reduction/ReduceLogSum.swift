import Glibc

/// ONNX ReduceLogSum (opsets 1, 11, 13 with attribute axes; 18 with operand axes): the logarithm of the sum.
package struct ReduceLogSum: ReduceOperator {
    package static let signature = OperatorSignature("ReduceLogSum", inputs: 1...2, attributes: attributes)
    package static let integers = IntegerReduction.doubles

    package let axes: ReductionAxes

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try ReductionAxes(node, operandSince: 18)
    }

    package var start: Double { 0 }

    package func step(_ state: inout Double, _ x: Double) { state += x }

    package func finish(_ state: Double, count: Int) -> Double { log(state) }
}
