import PicketTensor

/// ONNX GatherND (opsets 11, 12, 13): blocks of the operand by their positions in its outer axes.
package struct GatherND: MovementOperator {
    package static let signature = OperatorSignature(
        "GatherND",
        opsets: 11...21,
        inputs: 2...2,
        attributes: ["batch_dims"]
    )

    private let batchAxes: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        batchAxes = try node.attributes.int("batch_dims") ?? 0
        guard batchAxes == 0 || node.opset >= 12 else {
            throw OperatorFault("attribute batch_dims in opset \(node.opset), expected none before opset 12")
        }
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (data, indices) = (try operands.required(0), try operands.required(1))
        let selection = try BlockSelection(data, indices, batchAxes: batchAxes)
        return [try .checked(data.elementType, indices.shape.dimensions.dropLast() + selection.blockExtents)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let indices = try context.operands.required(1)
        if let rows = context.axes[1] {
            // Indices of a row pick from what all rows share, or from the same row's own.
            guard rows < indices.shape.rank - 1, context.axes[0] == nil ? rows >= batchAxes : rows < batchAxes,
                context.axes[0] == nil || context.axes[0] == rows
            else { throw OperatorFault("mixes rows: data and indices carry them on different axes") }
            return [rows]
        }
        let rows = try context.along([])
        let first = batchAxes + indices.shape[indices.shape.rank - 1]
        guard rows >= first else { throw OperatorFault("mixes rows: picks from axis \(rows), where they lie") }
        return [rows - first + indices.shape.rank - 1]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let selection = try BlockSelection(operands.required(0), operands.required(1), batchAxes: batchAxes)
        let size = results[0].elementType.byteCount
        let block = selection.block * size
        return Movement(units: max(selection.count, 1), cost: Double(selection.count * (block + 40)) * Cost.copiedByte)
        {
            (memory, units) throws(OperatorFault) in
            let (from, to) = (memory.operand(0), memory.result)
            for position in units.clamped(to: 0..<selection.count) {
                let offset = try selection.offset(memory.operand(1), at: position)
                (to + position * block).copyMemory(from: from + offset * size, byteCount: block)
            }
        }
    }
}
