import PicketTensor

/// The axes that a reduction works along, and whether they stay with extent 1.
package struct ReductionAxes: Sendable {
    private let axes: AxesOperand?
    private let keepsAxes: Bool
    private let emptyMeansNone: Bool

    /// Attribute axes up to an opset, operand 1 from there on.
    init(_ node: NodeDescription, operandSince opset: Int) throws(OperatorFault) {
        axes = try AxesOperand(node, operandSince: opset)
        keepsAxes = try node.attributes.flag("keepdims", default: true)
        emptyMeansNone = try node.attributes.flag("noop_with_empty_axes", default: false)
    }

    private init() {
        (axes, keepsAxes, emptyMeansNone) = (nil, true, false)
    }

    /// The axes behind images and channels, which stay.
    static let spatial = ReductionAxes()

    /// The axes, ascending from 0.
    func reduced(_ operands: [OperandFact?]) throws(OperatorFault) -> [Int] {
        let shape = try operands.required(0).shape
        guard let axes else {
            guard shape.rank >= 3 else { throw OperatorFault("X has shape \(shape), expected rank 3 or more") }
            return Array(2..<shape.rank)
        }
        let given = try axes.values(operands) ?? []
        if given.isEmpty { return emptyMeansNone ? [] : Array(0..<shape.rank) }
        return try normalised(axes: given, rank: shape.rank)
    }

    /// The shape of the result.
    func extents(_ operands: [OperandFact?]) throws(OperatorFault) -> [Int] {
        let (shape, reduced) = (try operands.required(0).shape, Set(try reduced(operands)))
        return shape.dimensions.indices.compactMap { axis in
            reduced.contains(axis) ? (keepsAxes ? 1 : nil) : shape[axis]
        }
    }

    /// Where the rows lie in the result.
    func rowAxis(_ context: RowContext) throws(OperatorFault) -> Int {
        let reduced = try reduced(context.operands)
        let axis = try context.along(reduced)
        return keepsAxes ? axis : axis - reduced.count { $0 < axis }
    }
}
