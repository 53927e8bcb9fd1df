import PicketTensor

/// ONNX ScatterND (opsets 11, 13, 16, 18): the data with blocks of updates at positions in its outer axes, in their order.
package struct ScatterND: MovementOperator {
    package static let signature = OperatorSignature(
        "ScatterND",
        opsets: 11...21,
        inputs: 3...3,
        attributes: ["reduction"]
    )

    private let reduction: ScatterReduction

    package init(_ node: NodeDescription) throws(OperatorFault) {
        reduction = try ScatterReduction(node)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (data, indices) = (try operands.required(0), try operands.required(1))
        let selection = try BlockSelection(data, indices, batchAxes: 0)
        let updates = try operands.required(2).fact
        let extents = indices.shape.dimensions.dropLast() + selection.blockExtents
        guard updates.elementType == data.elementType, updates.shape.dimensions == Array(extents) else {
            throw OperatorFault(
                "updates are \(updates.elementType) \(updates.shape), expected \(data.elementType) \(Array(extents))"
            )
        }
        _ = try movement(operands, [data.fact])
        return [data.fact]
    }

    /// Rows may lie behind what the indices name, in data and updates alike.
    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let indices = try context.operands.required(1).shape
        let depth = indices[indices.rank - 1]
        guard context.axes[1] == nil, let rows = context.axes[0], rows >= depth,
            context.axes[2] == rows - depth + indices.rank - 1
        else { throw OperatorFault("mixes rows: writes to axes where they lie, or updates carry none") }
        return [rows]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        let selection = try BlockSelection(data, operands.required(1), batchAxes: 0)
        return try ScatterWriter(
            reduction: reduction,
            bytes: data.shape.elementCount * data.elementType.byteCount,
            block: selection.block,
            updates: selection.count * selection.block
        ) { (indices, visit) throws(OperatorFault) in
            for position in 0..<selection.count { visit(position, try selection.offset(indices, at: position)) }
        }
        .movement(data.elementType)
    }
}
