import PicketTensor

/// ONNX Gather (opsets 1, 11, 13): entries of an axis by index; negative indices count from its end.
package struct Gather: MovementOperator {
    package static let signature = OperatorSignature("Gather", inputs: 2...2, attributes: ["axis"])

    let axis: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? 0
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let data = try operands.required(0)
        let indices = try operands.required(1)
        _ = try indices.isWideIndex()
        let axis = try normalised(axis: axis, rank: data.shape.rank)
        let dimensions = data.shape.dimensions
        return [
            try .checked(
                data.elementType,
                Array(dimensions[..<axis]) + indices.shape.dimensions + dimensions[(axis + 1)...]
            )
        ]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let data = try context.operands.required(0).shape
        let indices = try context.operands.required(1).shape
        let worked = try normalised(axis: axis, rank: data.rank)
        if context.axes[0] == nil, let rows = context.axes[1] { return [worked + rows] }
        let rows = try context.along([worked])
        return [rows < worked ? rows : rows + indices.rank - 1]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        let isWide = try operands.required(1).isWideIndex()
        let count = try operands.required(1).shape.elementCount
        let axis = try normalised(axis: axis, rank: data.shape.rank)
        let extent = data.shape[axis]
        let size = data.elementType.byteCount
        let block = data.shape.dimensions[(axis + 1)...].reduce(1, *) * size
        let entries = data.shape.dimensions[..<axis].reduce(1, *) * count
        let each = max(1, entries / 64)
        return Movement(
            units: max((entries + each - 1) / each, 1),
            cost: Double(entries * (block + 20)) * Cost.copiedByte
        ) { (memory, units) throws(OperatorFault) in
            let indices = IndexReader(memory.operand(1), isWide: isWide)
            let (from, to) = (memory.operand(0), memory.result)
            for entry in units.lowerBound * each..<min(units.upperBound * each, entries) {
                let index = try indices.index(at: entry % count, below: extent, axis)
                let source = from + (entry / count * extent + index) * block
                let target = to + entry * block
                // Short entries are a store, not a call.
                switch block {
                case 4: target.storeBytes(of: source.loadUnaligned(as: UInt32.self), as: UInt32.self)
                case 8: target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
                default: target.copyMemory(from: source, byteCount: block)
                }
            }
        }
    }
}
