import PicketTensor

/// An operand's axes as a reduction walks them: those that stay and those that go, neighbours of one kind joined.
struct ReductionPlan: Sendable {
    private struct Axis {
        var extent: Int
        var isReduced: Bool
        /// Elements between neighbours in the operand and in the result.
        var sourceStep = 0
        var targetStep = 0
    }

    private var axes: [Axis] = []
    /// Elements of the operand in one of the result.
    let count: Int
    /// Elements of the result.
    let results: Int

    init(_ shape: Shape, reduced: [Int]) {
        let reduced = Set(reduced)
        count = reduced.reduce(1) { $0 * shape[$1] }
        results = shape.dimensions.indices.reduce(1) { reduced.contains($1) ? $0 : $0 * shape[$1] }
        for axis in 0..<shape.rank where shape[axis] != 1 {
            let isReduced = reduced.contains(axis)
            if let last = axes.indices.last, axes[last].isReduced == isReduced {
                axes[last].extent *= shape[axis]
            } else {
                axes.append(Axis(extent: shape[axis], isReduced: isReduced))
            }
        }
        if axes.isEmpty { axes.append(Axis(extent: 1, isReduced: false)) }
        var (sourceStep, targetStep) = (1, 1)
        for index in axes.indices.reversed() {
            axes[index].sourceStep = sourceStep
            sourceStep *= axes[index].extent
            if axes[index].isReduced { continue }
            axes[index].targetStep = targetStep
            targetStep *= axes[index].extent
        }
    }

    /// Parts that can be computed apart: those along the outermost axis where it stays.
    var units: Int { axes[0].isReduced ? 1 : axes[0].extent }

    /// Elements of the result in one part.
    var unitResults: Int { axes[0].isReduced ? results : axes[0].targetStep }

    /// Rows of one run each, as [rows, count]: what row kernels take; nil where the reduced elements lie otherwise.
    var rows: Int? {
        axes.count == 2 && axes[1].isReduced ? axes[0].extent : axes.count == 1 && axes[0].isReduced ? 1 : nil
    }

    /// Pictures of pixels that are reduced by channel, as [images, count, channels]; nil where they lie otherwise.
    var pixels: (images: Int, channels: Int)? {
        if axes.count == 3, axes[1].isReduced { return (axes[0].extent, axes[2].extent) }
        if axes.count == 2, axes[0].isReduced { return (1, axes[1].extent) }
        return nil
    }

    /// Takes every element of some parts into the state of its result, in the operand's order.
    ///
    /// - Parameter states: one for each of the parts' results, in order.
    @inline(__always)
    func forEach<Element, State>(
        in units: Range<Int>,
        of source: UnsafePointer<Element>,
        _ states: UnsafeMutablePointer<State>,
        _ step: (inout State, Element) -> Void
    ) {
        guard !axes.contains(where: { $0.extent == 0 }) else { return }
        let last = axes.count - 1
        let inner = axes[last]
        let split = !axes[0].isReduced
        let firsts = split ? units : 0..<axes[0].extent
        // One axis that stays: each element is a result.
        if last == 0, split {
            for index in units { step(&states[index - units.lowerBound], source[index]) }
            return
        }
        let outer = last == 0 ? 1 : firsts.count * axes[1..<last].reduce(1) { $0 * $1.extent }
        for run in 0..<outer {
            var (rest, from, to) = (run, 0, 0)
            for axis in stride(from: last - 1, through: 0, by: -1) {
                let extent = axis == 0 ? firsts.count : axes[axis].extent
                let index = rest % extent
                rest /= extent
                from += (axis == 0 ? index + firsts.lowerBound : index) * axes[axis].sourceStep
                to += index * axes[axis].targetStep
            }
            if inner.isReduced {
                var state = states[to]
                for index in 0..<inner.extent { step(&state, source[from + index]) }
                states[to] = state
            } else {
                for index in 0..<inner.extent { step(&states[to + index], source[from + index]) }
            }
        }
    }
}
