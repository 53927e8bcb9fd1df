package import PicketTensor

/// ONNX ReduceMax (opsets 1, 11, 12, 13 with attribute axes; 18, 20 with operand axes): NaN where one is NaN; of
/// nothing the smallest number.
package struct ReduceMax: ReduceOperator {
    package static let signature = OperatorSignature("ReduceMax", inputs: 1...2, attributes: attributes)
    package static let types: Set<ElementType> = .all
    package static let integers = IntegerReduction.largest

    package let axes: ReductionAxes

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try ReductionAxes(node, operandSince: 18)
    }

    package var start: Double { -.infinity }

    package func step(_ state: inout Double, _ x: Double) { if x > state || x.isNaN { state = x } }

    package func finish(_ state: Double, count: Int) -> Double { state }
}
