import PicketTensor

/// A value whose elements are some of another's, at even distances in its memory: what movement alone makes of it.
struct StridedView: Sendable, Hashable {
    /// An axis, or a factor of one: so many elements, so far apart.
    struct Run: Sendable, Hashable {
        var extent: Int
        var stride: Int
    }

    /// The value that has the memory, row-major.
    let root: ValueID
    /// The root's element that is the first one.
    private(set) var offset = 0
    /// For each axis of the shape the runs that it is made of, outermost first; none where the extent is 1.
    private(set) var axes: [[Run]]

    /// A value itself.
    init(of root: ValueID, _ shape: Shape) {
        self.root = root
        axes = zip(shape.dimensions, StridedCopy.rowMajor(shape.dimensions)).map { extent, stride in
            extent == 1 ? [] : [Run(extent: extent, stride: stride)]
        }
    }

    /// The axes in another order.
    func transposed(_ order: [Int]) -> StridedView {
        var view = self
        view.axes = order.map { axes[$0] }
        return view
    }

    /// What a transposition of a value makes in the transposition's memory.
    ///
    /// - Parameter order: of the transposition.
    static func untransposed(_ target: ValueID, _ shape: Shape, _ order: [Int]) -> StridedView {
        var view = StridedView(of: target, shape)
        for (axis, source) in order.enumerated() { view.axes[source] = StridedView(of: target, shape).axes[axis] }
        return view
    }

    /// Every so many elements of an axis; nil where the axis has no one stride.
    func cut(axis: Int, from start: Int, step: Int, count: Int) -> StridedView? {
        let extent = axes[axis].reduce(1) { $0 * $1.extent }
        if start == 0, step == 1, count == extent { return self }
        guard axes[axis].count == 1, step > 0 || count == 1, count > 0 else { return nil }
        var view = self
        let stride = axes[axis][0].stride
        view.offset += start * stride
        view.axes[axis] = count == 1 ? [] : [Run(extent: count, stride: stride * step)]
        return view
    }

    /// Without an axis of extent 1.
    func dropping(axis: Int) -> StridedView {
        var view = self
        view.axes.remove(at: axis)
        return view
    }

    /// The same elements in the same order under another shape; nil where an axis would begin or end inside a run that does
    /// not divide.
    func reshaped(to shape: Shape) -> StridedView? {
        var view = self
        view.axes = []
        var runs = Self.joined(axes.joined())[...]
        for extent in shape.dimensions {
            guard extent > 0 else { return nil }
            var rest = extent
            var axis: [Run] = []
            while rest > 1 {
                guard var run = runs.popFirst() else { return nil }
                if run.extent > rest {
                    guard run.extent.isMultiple(of: rest) else { return nil }
                    let inner = run.extent / rest
                    runs.insert(Run(extent: inner, stride: run.stride), at: runs.startIndex)
                    run = Run(extent: rest, stride: run.stride * inner)
                }
                guard rest.isMultiple(of: run.extent) else { return nil }
                rest /= run.extent
                axis.append(run)
            }
            view.axes.append(axis)
        }
        return runs.isEmpty ? view : nil
    }

    /// Runs that lie behind one another become one.
    static func joined(_ runs: some Sequence<Run>) -> [Run] {
        var result: [Run] = []
        for run in runs {
            if let last = result.last, last.stride == run.stride * run.extent {
                result[result.count - 1] = Run(extent: last.extent * run.extent, stride: run.stride)
            } else {
                result.append(run)
            }
        }
        return result
    }
}

/// A stack of matrices as it lies in memory.
struct MatrixStack: Sendable, Hashable {
    /// Of the axes before the last two.
    let stack: [StridedView.Run]
    let offset: Int
    let rowStride: Int
    let columnStride: Int

    /// Nil where the last two axes have no one stride, or a negative one.
    init?(_ view: StridedView) {
        let matrix = view.axes.suffix(2).map { StridedView.joined($0) }
        guard matrix.count == 2, matrix.allSatisfy({ $0.count <= 1 && $0.allSatisfy { $0.stride > 0 } }) else {
            return nil
        }
        stack = StridedView.joined(view.axes.dropLast(2).joined())
        offset = view.offset
        rowStride = matrix[0].first?.stride ?? 1
        columnStride = matrix[1].first?.stride ?? 1
    }

    /// The first element of a matrix.
    func start(_ index: Int) -> Int {
        var (rest, position) = (index, offset)
        for run in stack.reversed() {
            position += rest % run.extent * run.stride
            rest /= run.extent
        }
        return position
    }
}
