import PicketTensor

// The forms of pooling that have no kernel: three spatial axes, indices, other types than float32.
extension Pooling {
    /// Whether the kernels for pictures of float32 compute the node.
    func hasKernel(_ operands: [OperandFact?], wantsIndices: Bool) -> Bool {
        guard let operand = operands.first ?? nil else { return false }
        return operand.elementType == .float32 && operand.shape.rank <= 4 && !wantsIndices
    }

    /// What pools one element after the other.
    func volume(
        _ operands: [OperandFact?],
        _ kind: VolumePooling.Kind
    ) throws(OperatorFault) -> Movement {
        let operand = try operands.required(0)
        let geometry = try geometry(operand.shape)
        guard operand.shape.elementCount > 0 else { return Movement(cost: 0) { _, _ in } }
        return try operand.elementType.visit(VolumePooling(geometry, operand.shape, kind))
    }
}
