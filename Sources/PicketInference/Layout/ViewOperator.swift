import PicketTensor

/// An operator whose results can be read in its first operand's memory: it only moves elements, at even distances.
protocol ViewOperator: Operator {
    /// The results in the operand's memory; nil where they lie at no even distances.
    func views(
        of operand: StridedView,
        _ operands: [OperandFact?],
        _ results: [ConcreteFact]
    ) throws(OperatorFault) -> [StridedView]?
}

extension ReshapingOperator {
    func views(
        of operand: StridedView,
        _ operands: [OperandFact?],
        _ results: [ConcreteFact]
    ) throws(OperatorFault) -> [StridedView]? {
        guard let result = results.first, let view = operand.reshaped(to: result.shape) else { return nil }
        return [view]
    }
}

extension Flatten: ViewOperator {}
extension Reshape: ViewOperator {}
extension Squeeze: ViewOperator {}
extension Unsqueeze: ViewOperator {}

extension Transpose: ViewOperator {
    func views(
        of operand: StridedView,
        _ operands: [OperandFact?],
        _ results: [ConcreteFact]
    ) throws(OperatorFault) -> [StridedView]? {
        [operand.transposed(try order(operands.required(0).shape.rank))]
    }
}

extension Slice: ViewOperator {
    func views(
        of operand: StridedView,
        _ operands: [OperandFact?],
        _ results: [ConcreteFact]
    ) throws(OperatorFault) -> [StridedView]? {
        var view = operand
        for (axis, cut) in try cuts(operands).enumerated() {
            guard let next = view.cut(axis: axis, from: cut.start, step: cut.step, count: cut.count) else { return nil }
            view = next
        }
        return [view]
    }
}

extension Split: ViewOperator {
    func views(
        of operand: StridedView,
        _ operands: [OperandFact?],
        _ results: [ConcreteFact]
    ) throws(OperatorFault) -> [StridedView]? {
        let (axis, sizes) = try sizes(operands)
        var views: [StridedView] = []
        var begin = 0
        for size in sizes {
            guard let view = operand.cut(axis: axis, from: begin, step: 1, count: size) else { return nil }
            views.append(view)
            begin += size
        }
        return views
    }
}

extension Gather: ViewOperator {
    /// Only where one entry is taken, and which is known.
    func views(
        of operand: StridedView,
        _ operands: [OperandFact?],
        _ results: [ConcreteFact]
    ) throws(OperatorFault) -> [StridedView]? {
        let (data, indices) = (try operands.required(0), try operands.required(1))
        guard indices.shape.rank == 0, indices.constant != nil,
            let given = try indices.integers("indices").first
        else { return nil }
        let axis = try normalised(axis: axis, rank: data.shape.rank)
        let index = given < 0 ? given + data.shape[axis] : given
        guard (0..<data.shape[axis]).contains(index) else { return nil }
        return operand.cut(axis: axis, from: index, step: 1, count: 1).map { [$0.dropping(axis: axis)] }
    }
}
