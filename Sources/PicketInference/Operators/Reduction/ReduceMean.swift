/// ONNX ReduceMean (opsets 1, 11, 13 with attribute axes; 18 with operand axes): of nothing NaN.
package struct ReduceMean: ReduceOperator {
    package static let signature = OperatorSignature("ReduceMean", inputs: 1...2, attributes: attributes)
    package static let integers = IntegerReduction.mean

    package let axes: ReductionAxes

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try ReductionAxes(node, operandSince: 18)
    }

    package var start: Double { 0 }

    package func step(_ state: inout Double, _ x: Double) { state += x }

    package func finish(_ state: Double, count: Int) -> Double { state / Double(count) }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let operand = try node.operands.required(0)
        let plan = ReductionPlan(operand.shape, reduced: try axes.reduced(node.operands))
        guard operand.elementType == .float32, operand.shape.elementCount > 0 else {
            return try lowerPlainly(node, into: &builder)
        }
        if let rows = plan.rows {
            try MeanReduction.lower(node, into: &builder, outer: rows, count: plan.count)
        } else if let pixels = plan.pixels {
            try MeanReduction.lower(node, into: &builder, images: pixels.images, plan.count, channels: pixels.channels)
        } else {
            try lowerPlainly(node, into: &builder)
        }
    }
}
