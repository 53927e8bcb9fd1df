import PicketTensor

/// ONNX Expand (opsets 8, 13): the operand broadcast to a shape, each to the other.
package struct Expand: MovementOperator, RepeatingOperator {
    package static let signature = OperatorSignature("Expand", opsets: 8...21, inputs: 2...2)

    package var shapeOperands: Set<Int> { [1] }

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let data = try operands.required(0)
        let wanted = try ConcreteFact.checked(data.elementType, operands.required(1).integers("shape")).shape
        return [try .checked(data.elementType, Broadcast.shape(data.shape, wanted))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let shape = try context.operands.required(0).shape
        let rank = context.results.first?.shape.rank ?? 0
        let axis = try context.along([])
        let aligned = axis + rank - shape.rank
        guard context.results.first?.shape[aligned] == shape[axis] else {
            throw OperatorFault("mixes rows: expands axis \(axis), where they lie")
        }
        return [aligned]
    }

    package func repeatedAxes(_ operands: [OperandFact?], _ result: ConcreteFact) -> Set<Int> {
        guard let shape = (operands.first ?? nil)?.shape else { return [] }
        let missing = result.shape.rank - shape.rank
        return Set(result.shape.dimensions.indices.filter { $0 < missing || shape[$0 - missing] == 1 })
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        let extents = results[0].shape.dimensions
        let missing = [Int](repeating: 0, count: extents.count - data.shape.rank)
        let strides = missing + zip(data.shape.dimensions, data.shape.strides).map { $0 == 1 ? 0 : $1 }
        let size = data.elementType.byteCount
        let copy = StridedCopy(extents: extents, strides: strides)
        return .copies([(copy, 0, 0)], elementBytes: size, bytes: results[0].shape.elementCount * size)
    }
}
