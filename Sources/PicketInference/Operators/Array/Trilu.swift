import PicketTensor

/// ONNX Trilu (opset 14): the upper or lower triangle of matrices, from the k-th diagonal on; zeros elsewhere.
package struct Trilu: MovementOperator {
    package static let signature = OperatorSignature("Trilu", opsets: 14...21, inputs: 1...2, attributes: ["upper"])

    private let keepsUpper: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        keepsUpper = try node.attributes.flag("upper", default: true)
    }

    private func diagonal(_ operands: [OperandFact?]) throws(OperatorFault) -> Int {
        try operands.optional(1).map { operand throws(OperatorFault) in try operand.integer("k") } ?? 0
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        guard operand.shape.rank >= 2 else {
            throw OperatorFault("input has shape \(operand.shape), expected rank 2 or more")
        }
        _ = try diagonal(operands)
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let rank = try context.operands.required(0).shape.rank
        return [try context.along([rank - 2, rank - 1])]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let operand = try operands.required(0)
        let (shape, size, keepsUpper) = (operand.shape, operand.elementType.byteCount, keepsUpper)
        let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
        // Further diagonals than there are lie outside whatever their number.
        let diagonal = min(max(try diagonal(operands), -rows), columns)
        let lines = shape.dimensions.dropLast().reduce(1, *)
        return Movement(units: max(lines, 1), cost: Double(lines * columns * size) * Cost.copiedByte) { memory, units in
            for line in units.clamped(to: 0..<lines) {
                let edge = line % rows + diagonal
                let kept =
                    keepsUpper
                    ? min(max(edge, 0), columns)..<columns : 0..<min(max(edge + 1, 0), columns)
                let result = memory.result + line * columns * size
                result.initializeMemory(as: UInt8.self, repeating: 0, count: columns * size)
                let begin = line * columns * size + kept.lowerBound * size
                (result + kept.lowerBound * size).copyMemory(
                    from: memory.operand(0) + begin,
                    byteCount: kept.count * size
                )
            }
        }
    }
}
