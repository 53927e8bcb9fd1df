package import PicketTensor

/// A random operator that is told its shape: known before any run, and the same in every one.
package protocol RandomOperator: MovementOperator {
    var fill: RandomFill { get }
    var fact: ConcreteFact { get }
}

extension RandomOperator {
    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] { [fact] }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] { [nil] }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        try fill.movement(results[0])
    }

    /// What the attributes say of the result.
    static func fact(_ node: NodeDescription) throws(OperatorFault) -> ConcreteFact {
        guard let extents = try node.attributes.ints("shape") else { throw OperatorFault("attribute shape is missing") }
        return try .checked(RandomFill.elementType(node, else: nil) ?? .float32, extents)
    }
}

/// A random operator that takes its shape from its operand.
package protocol RandomLikeOperator: MovementOperator {
    var fill: RandomFill { get }
    /// nil for the operand's.
    var type: ElementType? { get }
}

extension RandomLikeOperator {
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
