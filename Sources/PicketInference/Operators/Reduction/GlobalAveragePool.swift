/// ONNX GlobalAveragePool (opset 1) on float32: the mean of each plane of [N, C, …].
package struct GlobalAveragePool: ComputeOperator {
    package static let signature = OperatorSignature("GlobalAveragePool", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let input = try operands.required(0).float32("X")
        guard input.rank >= 3 else { throw OperatorFault("X has shape \(input), expected rank 3 or more") }
        let ones = [Int](repeating: 1, count: input.rank - 2)
        return [try .checked(.float32, Array(input.dimensions.prefix(2)) + ones)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let rank = try context.operands.required(0).shape.rank
        return [try context.along(Array(2..<rank))]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let operand = try operands.required(0)
        MeanReduction.compute(operand, axes: Set(2..<operand.shape.rank), into: result)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let shape = try node.operands.required(0).shape
        let count = shape.dimensions.dropFirst(2).reduce(1, *)
        try MeanReduction.lower(node, into: &builder, outer: shape[0] * shape[1], count: count)
    }
}
