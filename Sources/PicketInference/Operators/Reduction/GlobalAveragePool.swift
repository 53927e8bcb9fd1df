package import PicketTensor

/// ONNX GlobalAveragePool (opset 1): the mean of each plane of [N, C, …].
package struct GlobalAveragePool: ReduceOperator {
    package static let signature = OperatorSignature("GlobalAveragePool", inputs: 1...1)
    package static let types: Set<ElementType> = .floats
    package static let integers = IntegerReduction.mean

    package let axes = ReductionAxes.spatial

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package var start: Double { 0 }

    package func step(_ state: inout Double, _ x: Double) { state += x }

    package func finish(_ state: Double, count: Int) -> Double { state / Double(count) }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let operand = try node.operands.required(0)
        guard operand.elementType == .float32 else { return try lowerPlainly(node, into: &builder) }
        let count = operand.shape.dimensions.dropFirst(2).reduce(1, *)
        try MeanReduction.lower(node, into: &builder, outer: operand.shape[0] * operand.shape[1], count: count)
    }
}
