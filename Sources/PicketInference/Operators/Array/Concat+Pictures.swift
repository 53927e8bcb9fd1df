import PicketTensor

extension Concat: PictureOperator {
    /// Whether operands are joined along the channels of [N, C, …].
    func joinsChannels(rank: Int) -> Bool { axis == 1 || axis == 1 - rank }

    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        let operand = try node.operands.required(0)
        guard operand.elementType == .float32, joinsChannels(rank: operand.shape.rank), operand.shape.pixels > 1,
            lying.contains(where: { $0 != .plain })
        else { return nil }
        let operands = [Layout](repeating: .channelsLast, count: lying.count)
        return LayoutChoice(operands: operands, result: .channelsLast)
    }

    /// Copies those operands that were not made in their place.
    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        let output = try node.output(0)
        builder.newBuffer(for: output, .channelsLast, at: builder.currentIndex)
        let whole = builder.memory[builder.place(output, .channelsLast)]
        let stride = whole?.pixelStride ?? node.results.first?.shape[1]
        var channel = 0
        for position in node.operands.indices {
            let shape = try node.operands.required(position).shape
            let input = try node.input(position)
            let own = builder.memory[builder.place(input, .channelsLast)]
            let offset = (whole?.byteOffset ?? 0) + channel * MemoryLayout<Float>.size
            if own?.buffer != whole?.buffer || own?.byteOffset != offset || own?.pixelStride != stride {
                try copy(input, shape, to: output, channel: channel, &builder)
            }
            channel += shape[1]
        }
    }

    private func copy(
        _ input: ValueID,
        _ shape: Shape,
        to output: ValueID,
        channel: Int,
        _ builder: inout PlanBuilder
    ) throws(OperatorFault) {
        try builder.add(units: shape[0] * shape.pixels, cost: Double(shape.elementCount) * 4 * Cost.copiedByte) {
            resolver throws(OperatorFault) in
            let (from, to) = (try resolver.pictures(input), try resolver.pictures(output))
            return { space, units in
                let target = to.mutableFloats(space) + channel
                for pixel in units {
                    (target + pixel * to.pixelStride)
                        .update(from: from.floats(space) + pixel * from.pixelStride, count: from.channels)
                }
            }
        }
    }
}
