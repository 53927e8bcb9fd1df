import PicketTensor

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

    /// The reference, for any axes: sums in double precision, in the operand's order.
    static func compute(_ operand: OperandView, axes: Set<Int>, into result: ResultView) {
        let shape = operand.shape
        // Elements of the result between neighbours of the operand along each axis; none along reduced ones.
        var steps = [Int](repeating: 0, count: shape.rank)
        var step = 1
        for axis in stride(from: shape.rank - 1, through: 0, by: -1) where !axes.contains(axis) {
            steps[axis] = step
            step *= shape[axis]
        }
        let x = operand.elements(Float.self)
        let y = result.elements(Float.self)
        var sums = [Double](repeating: 0, count: y.count)
        let strides = shape.strides
        for index in x.indices {
            var target = 0
            for axis in 0..<shape.rank { target += index / strides[axis] % shape[axis] * steps[axis] }
            sums[target] += Double(x[index])
        }
        let count = axes.reduce(1) { $0 * shape[$1] }
        for index in y.indices { y[index] = Float(sums[index] / Double(count)) }
    }
}
