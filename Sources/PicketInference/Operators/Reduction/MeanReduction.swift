/// The mean of float32 elements over some axes, as steps: what ReduceMean and GlobalAveragePool share.
enum MeanReduction {
    /// Adds the step of a mean over the innermost axes: `outer` rows of `count` elements.
    static func lower(
        _ node: LoweredNode,
        into builder: inout PlanBuilder,
        outer: Int,
        count: Int
    ) throws(OperatorFault) {
        let (input, output) = (try node.input(0), try node.output(0))
        let kernels = builder.kernels
        try builder.add(units: outer, cost: Double(outer * count) * Cost.element) { resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input), try resolver.address(output))
            return { space, units in
                kernels.functions.pointee.mean(
                    units.count,
                    count,
                    x.floats(space) + units.lowerBound * count,
                    count,
                    y.mutableFloats(space) + units.lowerBound
                )
            }
        }
    }

    /// Adds the step of a mean over pixels: `images` of `count` pixels of `channels` elements.
    static func lower(
        _ node: LoweredNode,
        into builder: inout PlanBuilder,
        images: Int,
        _ count: Int,
        channels: Int
    ) throws(OperatorFault) {
        let (input, output) = (try node.input(0), try node.output(0))
        let kernels = builder.kernels
        let size = count * channels
        try builder.add(units: images, cost: Double(images * size) * Cost.element) { resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input), try resolver.address(output))
            return { space, units in
                for image in units {
                    kernels.functions.pointee.mean_pixels(
                        count,
                        channels,
                        x.floats(space) + image * size,
                        channels,
                        y.mutableFloats(space) + image * channels
                    )
                }
            }
        }
    }
}
