import PicketTensor

/// ONNX Slice (opsets 1 with attributes; 10, 11, 13 with operands): every so many elements from here to there, along some
/// axes; negative steps turn an axis around.
package struct Slice: MovementOperator {
    package static let signature = OperatorSignature(
        "Slice",
        inputs: 1...5,
        attributes: ["axes", "ends", "starts"]
    )

    /// One axis: `count` elements from `start` on.
    struct Cut {
        var start: Int
        var step: Int
        var count: Int
    }

    private let starts: [Int]?
    private let ends: [Int]?
    private let axes: [Int]?

    package init(_ node: NodeDescription) throws(OperatorFault) {
        starts = try node.attributes.ints("starts")
        ends = try node.attributes.ints("ends")
        axes = try node.attributes.ints("axes")
        guard
            node.opset >= 10
                ? node.attributes.names.isEmpty && node.inputs.count >= 3
                : starts != nil && ends != nil && node.inputs.count == 1
        else {
            throw OperatorFault(
                "starts and ends are \(node.opset >= 10 ? "inputs" : "attributes") in opset \(node.opset)"
            )
        }
    }

    private func bounds(
        _ attribute: [Int]?,
        _ operands: [OperandFact?],
        _ index: Int,
        _ name: String
    ) throws(OperatorFault) -> [Int] {
        if let attribute { return attribute }
        return try operands.required(index).integers(name)
    }

    func cuts(_ operands: [OperandFact?]) throws(OperatorFault) -> [Cut] {
        let shape = try operands.required(0).shape
        let starts = try bounds(self.starts, operands, 1, "starts")
        let ends = try bounds(self.ends, operands, 2, "ends")
        var axes = axes ?? Array(starts.indices)
        if let operand = operands.optional(3) { axes = try operand.integers("axes") }
        let steps =
            try operands.optional(4).map { operand throws(OperatorFault) in try operand.integers("steps") }
            ?? [Int](repeating: 1, count: starts.count)
        for (name, list) in [("ends", ends), ("axes", axes), ("steps", steps)] where list.count != starts.count {
            throw OperatorFault("\(name) has \(list.count) values, starts \(starts.count)")
        }
        var cuts = shape.dimensions.map { Cut(start: 0, step: 1, count: $0) }
        var seen: Set<Int> = []
        for index in axes.indices {
            let axis = try normalised(axis: axes[index], rank: shape.rank)
            guard seen.insert(axis).inserted else { throw OperatorFault("axes \(axes) name an axis twice") }
            guard steps[index] != 0 else { throw OperatorFault("steps \(steps) holds 0") }
            cuts[axis] = Self.cut(shape[axis], starts[index], ends[index], steps[index])
        }
        return cuts
    }

    /// Bounds outside the axis are moved to its ends, as the specification says.
    private static func cut(_ extent: Int, _ start: Int, _ end: Int, _ step: Int) -> Cut {
        guard extent > 0 else { return Cut(start: 0, step: 1, count: 0) }
        let step = max(-extent, min(extent, step))
        let (first, last) = (start < 0 ? start + extent : start, end < 0 ? end + extent : end)
        if step > 0 {
            let (from, to) = (min(max(first, 0), extent), min(max(last, 0), extent))
            return Cut(start: min(from, extent - 1), step: step, count: max(0, (to - from + step - 1) / step))
        }
        let (from, to) = (min(max(first, 0), extent - 1), min(max(last, -1), extent - 1))
        return Cut(start: from, step: step, count: max(0, (from - to - step - 1) / -step))
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [try .checked(operands.required(0).elementType, cuts(operands).map(\.count))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let shape = try context.operands.required(0).shape
        let worked = try cuts(context.operands).enumerated().filter { axis, cut in
            cut.step != 1 || cut.count != shape[axis]
        }
        return [try context.along(worked.map(\.offset))]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        let cuts = try cuts(operands)
        let strides = data.shape.strides
        let copy = StridedCopy(
            extents: cuts.map(\.count),
            strides: zip(cuts, strides).map { $0.step * $1 },
            offset: zip(cuts, strides).reduce(0) { $0 + $1.0.start * $1.1 }
        )
        let size = data.elementType.byteCount
        return .copies([(copy, 0, 0)], elementBytes: size, bytes: results[0].shape.elementCount * size)
    }
}
