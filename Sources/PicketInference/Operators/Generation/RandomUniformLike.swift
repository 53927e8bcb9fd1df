package import PicketTensor

/// ONNX RandomUniformLike (opset 1) with a seed: numbers between two bounds in the shape of the operand, the same in
/// every run; see ``RandomSource``.
package struct RandomUniformLike: MovementOperator {
    package static let signature = OperatorSignature(
        "RandomUniformLike",
        inputs: 1...1,
        attributes: ["dtype", "high", "low", "seed"]
    )

    private let fill: RandomFill
    private let type: ElementType?

    package init(_ node: NodeDescription) throws(OperatorFault) {
        fill = try RandomFill(node, RandomDistribution(uniform: node))
        type = try RandomFill.elementType(node, else: nil)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        let type = type ?? operand.elementType
        guard type.isFloatingPoint else { throw OperatorFault("input is \(type), expected a float type") }
        return [ConcreteFact(type, operand.shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        throw OperatorFault("mixes rows: the numbers of a row hinge on its place")
    }

    /// The content of the operand does not matter.
    package func fold(_ operands: [OperandFact?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor]? {
        guard let operand = operands.first ?? nil else { return nil }
        return try evaluate([Tensor(zeros: operand.elementType, shape: operand.shape)], results: results)
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        try fill.movement(results[0])
    }
}
