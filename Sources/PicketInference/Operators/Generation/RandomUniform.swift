import PicketTensor

/// ONNX RandomUniform (opset 1) with a seed: numbers between two bounds, the same in every run; see ``RandomSource``.
package struct RandomUniform: MovementOperator {
    package static let signature = OperatorSignature(
        "RandomUniform",
        inputs: 0...0,
        attributes: ["dtype", "high", "low", "seed", "shape"]
    )

    private let fill: RandomFill
    private let fact: ConcreteFact

    package init(_ node: NodeDescription) throws(OperatorFault) {
        fill = try RandomFill(node, RandomDistribution(uniform: node))
        guard let extents = try node.attributes.ints("shape") else { throw OperatorFault("attribute shape is missing") }
        fact = try .checked(RandomFill.elementType(node, else: nil) ?? .float32, extents)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] { [fact] }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] { [nil] }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        try fill.movement(results[0])
    }
}
