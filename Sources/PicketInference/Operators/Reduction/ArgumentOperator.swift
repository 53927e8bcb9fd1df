import PicketTensor

/// ArgMax and ArgMin: where along an axis the largest or smallest element lies; NaN counts as it.
package protocol ArgumentOperator: ComputeOperator {
    var axis: ArgumentAxis { get }

    /// Whether an element takes the place of the best so far, by order alone.
    static func beats<Value: Comparable>(_ challenger: Value, _ best: Value) -> Bool
}

/// The attributes of both.
package struct ArgumentAxis: Sendable {
    static let attributes: Set<String> = ["axis", "keepdims", "select_last_index"]

    let axis: Int
    let keepsAxis: Bool
    /// Of equals, the last is taken, not the first.
    let takesLast: Bool

    init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? 0
        keepsAxis = try node.attributes.flag("keepdims", default: true)
        takesLast = try node.attributes.flag("select_last_index", default: false)
    }
}

extension ArgumentOperator {
    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("data", isOf: .numbers)
        let axis = try normalised(axis: axis.axis, rank: operand.shape.rank)
        var extents = operand.shape.dimensions
        guard extents[axis] > 0 else { throw OperatorFault("axis \(axis) of \(operand.shape) holds nothing to choose") }
        if self.axis.keepsAxis { extents[axis] = 1 } else { extents.remove(at: axis) }
        return [try .checked(.int64, extents)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let axis = try normalised(axis: axis.axis, rank: context.operands.required(0).shape.rank)
        let found = try context.along([axis])
        return [!self.axis.keepsAxis && found > axis ? found - 1 : found]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let operand = try operands.required(0)
        try operand.fact.elementType.dispatch(
            ArgumentBody<Self>(axis: axis, operand: operand, positions: result.elements(Int64.self))
        )
    }
}

private struct ArgumentBody<Operation: ArgumentOperator>: NumberBody {
    let axis: ArgumentAxis
    let operand: OperandView
    let positions: UnsafeMutableBufferPointer<Int64>

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        try choose(operand.elements(type)) { Operation.beats($0, $1) || ($0.isNaN && !$1.isNaN) }
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        try choose(operand.elements(type)) { Operation.beats($0, $1) }
    }

    private func choose<Value: Comparable>(
        _ x: UnsafeBufferPointer<Value>,
        _ beats: (Value, Value) -> Bool
    ) throws(OperatorFault) {
        let axis = try normalised(axis: self.axis.axis, rank: operand.shape.rank)
        let extent = operand.shape[axis]
        let inner = operand.shape.dimensions[(axis + 1)...].reduce(1, *)
        for (index, (block, column)) in product(positions.count / max(inner, 1), inner).enumerated() {
            let begin = block * extent * inner + column
            var best = 0
            for candidate in 1..<max(extent, 1) {
                let (value, so) = (x[begin + candidate * inner], x[begin + best * inner])
                if beats(value, so) || (self.axis.takesLast && value == so) { best = candidate }
            }
            positions[index] = Int64(best)
        }
    }
}
