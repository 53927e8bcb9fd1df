import PicketTensor

extension ReshapingOperator where Self: PictureOperator {
    /// Pictures whose pixels are only counted otherwise stay channels-last.
    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        guard lying[0] != .plain, let result = node.results.first?.shape else { return nil }
        let operand = try node.operands.required(0).shape
        guard result.rank >= 3, result[0] == operand[0], result[1] == operand[1] else { return nil }
        let others = [Layout](repeating: .plain, count: lying.count - 1)
        return LayoutChoice(operands: [.channelsLast] + others, result: .channelsLast)
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        try builder.alias(node.output(0), .channelsLast, of: node.input(0), .channelsLast)
    }
}

extension Reshape: PictureOperator {}
extension Identity: PictureOperator {}
