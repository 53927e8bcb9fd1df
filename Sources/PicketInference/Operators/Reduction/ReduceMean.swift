/// ONNX ReduceMean (opsets 1, 11, 13 with attribute axes; 18 with operand axes) on float32.
package struct ReduceMean: ComputeOperator {
    package static let signature = OperatorSignature(
        "ReduceMean",
        inputs: 1...2,
        attributes: ["axes", "keepdims", "noop_with_empty_axes"]
    )

    private let axes: AxesOperand
    private let keepsAxes: Bool
    private let emptyMeansNone: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try AxesOperand(node, operandSince: 18)
        keepsAxes = try node.attributes.flag("keepdims", default: true)
        emptyMeansNone = try node.attributes.flag("noop_with_empty_axes", default: false)
    }

    private func reduced(_ operands: [OperandFact?]) throws(OperatorFault) -> [Int] {
        let rank = try operands.required(0).shape.rank
        let given = try axes.values(operands) ?? []
        if given.isEmpty { return emptyMeansNone ? [] : Array(0..<rank) }
        return try normalised(axes: given, rank: rank)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let input = try operands.required(0).float32("data")
        let reduced = try reduced(operands)
        var dimensions: [Int] = []
        for axis in 0..<input.rank {
            if !reduced.contains(axis) {
                dimensions.append(input[axis])
            } else if keepsAxes {
                dimensions.append(1)
            }
        }
        return [try .checked(.float32, dimensions)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let reduced = try reduced(context.operands)
        let axis = try context.along(reduced)
        return [keepsAxes ? axis : axis - reduced.count { $0 < axis }]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let facts = operands.map {
            $0.map { OperandFact(ConcreteFact($0.fact.elementType, $0.shape), constant: $0.copied()) }
        }
        try MeanReduction.compute(operands.required(0), axes: Set(reduced(facts)), into: result)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let shape = try node.operands.required(0).shape
        // Axes of extent 1 change nothing, wherever they lie.
        let reduced = try reduced(node.operands).filter { shape[$0] != 1 }
        let kept = shape.dimensions.indices.filter { shape[$0] != 1 && !reduced.contains($0) }
        guard (kept.last ?? -1) < (reduced.first ?? Int.max) else { return try builder.compute(self, node) }
        let count = reduced.reduce(1) { $0 * shape[$1] }
        try MeanReduction.lower(
            node,
            into: &builder,
            outer: kept.reduce(1) { $0 * shape[$1] },
            count: count
        )
    }
}
