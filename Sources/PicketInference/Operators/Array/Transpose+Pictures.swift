import PicketTensor

extension Transpose: PictureOperator {
    /// Between [N, C, …] that lies channels-last and […, C] that lies plain, nothing moves.
    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        let operand = try node.operands.required(0)
        let rank = operand.shape.rank
        guard operand.elementType == .float32, rank >= 3, rank <= 5 else { return nil }
        let order = try order(rank)
        if lying[0] != .plain, order == [0] + Array(2..<rank) + [1] {
            return LayoutChoice(operands: [.channelsLastDense], result: .plain)
        }
        if lying[0] == .plain, order == [0, rank - 1] + Array(1..<rank - 1) {
            return LayoutChoice(operands: [.plain], result: .channelsLastDense)
        }
        return nil
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        try builder.alias(node.output(0), choice.result, of: node.input(0), choice.operands[0])
    }
}
