import CPicketKernels
import PicketTensor

extension BatchNormalization: PictureOperator {
    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        guard node.operands.allSatisfy({ $0?.elementType == .float32 }) else { return nil }
        return LayoutChoice(operands: [.channelsLast] + [Layout](repeating: .plain, count: 4), result: .channelsLast)
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        let shape = try node.operands.required(0).shape
        let (input, output) = (try node.input(0), try node.output(0))
        let kernels = builder.kernels
        let line = try line(node, channels: shape[1], &builder)
        builder.newBuffer(for: output, .channelsLast, at: builder.currentIndex)
        let (alpha, beta) = activation.parameters
        let activation = activation.kernel
        let block = 64
        let pixels = shape[0] * shape.pixels
        try builder.add(units: (pixels + block - 1) / block, cost: Double(shape.elementCount) * Cost.element) {
            resolver throws(OperatorFault) in
            let (x, y) = (try resolver.pictures(input), try resolver.pictures(output))
            let scale = line.address(resolver)
            return { space, units in
                let begin = units.lowerBound * block
                kernels.functions.pointee.affine_pixels(
                    min(units.upperBound * block, pixels) - begin,
                    x.channels,
                    x.floats(space) + begin * x.pixelStride,
                    x.pixelStride,
                    scale.floats(space),
                    scale.floats(space) + x.channels,
                    activation,
                    alpha,
                    beta,
                    y.mutableFloats(space) + begin * y.pixelStride,
                    y.pixelStride
                )
            }
        }
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try builder.compute(self, node, cost: Cost.transcendental)
    }

    /// Scales of all channels, then shifts.
    private func line(
        _ node: LoweredNode,
        channels: Int,
        _ builder: inout PlanBuilder
    ) throws(OperatorFault) -> PackedOperand {
        let parameters = node.operands.dropFirst().compactMap { $0?.constant?.tensor().elements(of: Float.self) }
        let bytes = 2 * channels * MemoryLayout<Float>.size
        if parameters.count == 4 {
            let others = try (2...4).map { index throws(OperatorFault) in try node.input(index) }
            let layout = "batch normalization \(epsilon)"
            return .constant(
                try builder.packed(node.input(1), with: others, layout: layout, byteCount: bytes) {
                    () throws(OperatorFault) in
                    let buffer = AlignedBuffer(byteCount: bytes)
                    let (scales, shifts) = line(parameters)
                    for (index, value) in (scales + shifts).enumerated() { buffer.floats()[index] = value }
                    return buffer
                }
            )
        }
        let temporary = builder.temporary(byteCount: bytes)
        let operands = try (1...4).map { index throws(OperatorFault) in try node.input(index) }
        let epsilon = epsilon
        try builder.add(cost: Double(channels)) { resolver throws(OperatorFault) in
            let sources = try operands.map { id throws(OperatorFault) in try resolver.address(id) }
            let target = resolver.address(temporary)
            return { space, _ in
                let scale = target.mutableFloats(space)
                for channel in 0..<channels {
                    let deviation = (sources[3].floats(space)[channel] + epsilon).squareRoot()
                    scale[channel] = sources[0].floats(space)[channel] / deviation
                    scale[channels + channel] =
                        sources[1].floats(space)[channel] - sources[2].floats(space)[channel] * scale[channel]
                }
            }
        }
        return .temporary(temporary)
    }
}
