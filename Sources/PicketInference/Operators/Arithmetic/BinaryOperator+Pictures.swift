import CPicketKernels
import PicketTensor

extension BinaryOperator {
    /// Channels-last where an operand lies so and the other is a picture too, or the same for all pixels.
    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        guard Self.kernel != nil, let result = node.results.first, result.elementType == .float32,
            lying.contains(where: { $0 != .plain })
        else { return nil }
        var operands: [Layout] = []
        for (position, layout) in lying.enumerated() {
            let shape = try node.operands.required(position).shape
            let isPicture = shape.rank == result.shape.rank && shape.pixels > 1 && shape[1] > 1
            // A constant picture would be turned in every pass.
            if isPicture, layout == .plain, node.operands[position]?.constant != nil { return nil }
            guard isPicture || shape.isSameForAllPixels(rank: result.shape.rank) else { return nil }
            operands.append(isPicture ? .channelsLastDense : .plain)
        }
        return LayoutChoice(operands: operands, result: .channelsLastDense)
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        guard let kernel = Self.kernel, let result = node.results.first?.shape else {
            throw OperatorFault("has no kernel or no result")
        }
        let (left, right, output) = (try node.input(0), try node.input(1), try node.output(0))
        let broadcast = Broadcast(
            try node.operands.required(0).shape.channelsLast(rank: result.rank),
            try node.operands.required(1).shape.channelsLast(rank: result.rank),
            result: result.channelsLast
        )
        var isPlaced = false
        for (operand, layout) in zip([left, right], choice.operands) where !isPlaced && layout != .plain {
            isPlaced = try builder.reuse(operand, for: output, choice.result)
        }
        if !isPlaced { builder.newBuffer(for: output, choice.result, at: builder.currentIndex) }
        try builder.binary(kernel, broadcast, left, right, output, choice)
    }
}

extension Shape {
    /// Whether it broadcasts to pictures of a rank with one number for each channel, or one for all.
    fileprivate func isSameForAllPixels(rank: Int) -> Bool {
        self.rank <= rank && dimensions.suffix(rank - 2).allSatisfy { $0 == 1 }
    }

    /// The extents with the channels innermost, once axes of extent 1 have made up the rank.
    fileprivate func channelsLast(rank: Int) -> Shape {
        Shape([Int](repeating: 1, count: rank - self.rank) + dimensions).channelsLast
    }
}
