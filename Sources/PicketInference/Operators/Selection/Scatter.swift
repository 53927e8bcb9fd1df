/// ONNX Scatter (opset 9; ScatterElements from 11 on): the data with updates in the places that indices name along one axis.
package struct Scatter: MovementOperator {
    package static let signature = OperatorSignature("Scatter", opsets: 9...21, inputs: 3...3, attributes: ["axis"])

    private let elements: ScatterElements

    package init(_ node: NodeDescription) throws(OperatorFault) {
        elements = try ScatterElements(node)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        try elements.infer(operands)
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] { try elements.rowAxes(context) }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        try elements.movement(operands, results)
    }
}
