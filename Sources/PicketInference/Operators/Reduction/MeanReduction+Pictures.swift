import CPicketKernels
import PicketTensor

extension MeanReduction {
    /// Adds the step of a mean over all pixels of pictures that lie channels-last.
    static func lowerPictures(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let shape = try node.operands.required(0).shape
        let (input, output) = (try node.input(0), try node.output(0))
        let kernels = builder.kernels
        try builder.add(units: shape[0], cost: Double(shape.elementCount) * Cost.element) {
            resolver throws(OperatorFault) in
            let (x, y) = (try resolver.pictures(input), try resolver.address(output))
            return { space, units in
                for image in units {
                    kernels.functions.pointee.mean_pixels(
                        x.pixels,
                        x.channels,
                        x.floats(space) + image * x.imageStride,
                        x.pixelStride,
                        y.mutableFloats(space) + image * x.channels
                    )
                }
            }
        }
    }
}

extension GlobalAveragePool: PictureOperator {
    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        lying[0] == .plain ? nil : LayoutChoice(operands: [.channelsLast], result: .plain)
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        try MeanReduction.lowerPictures(node, into: &builder)
    }
}

extension ReduceMean: PictureOperator {
    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        let rank = try node.operands.required(0).shape.rank
        guard lying[0] != .plain, try axes.reduced(node.operands).sorted() == Array(2..<rank) else { return nil }
        let others = [Layout](repeating: .plain, count: lying.count - 1)
        return LayoutChoice(operands: [.channelsLast] + others, result: .plain)
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        try MeanReduction.lowerPictures(node, into: &builder)
    }
}
