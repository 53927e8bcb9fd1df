import CPicketKernels

extension Clip: PictureOperator {
    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        guard lying[0] != .plain, node.results.first?.elementType == .float32, activation(node.operands) != nil else {
            return nil
        }
        let bounds = [Layout](repeating: .plain, count: lying.count - 1)
        return LayoutChoice(operands: [.channelsLastDense] + bounds, result: .channelsLastDense)
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        guard case .clip(let lower, let upper) = activation(node.operands) else {
            throw OperatorFault("has bounds that are not known before a run")
        }
        let kernel = UnaryKernel(operation: PICKET_UNARY_CLIP, alpha: lower, beta: upper)
        let count = try node.operands.required(0).shape.elementCount
        try builder.unary(kernel, of: try node.input(0), count: count, node, .channelsLastDense)
    }
}
