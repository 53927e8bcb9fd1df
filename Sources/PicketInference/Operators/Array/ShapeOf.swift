package import PicketTensor

/// ONNX Shape (opsets 1, 13, 15, 19, 21): the operand's extents from `start` to `end` as int64.
package struct ShapeOf: Operator {
    package static let signature = OperatorSignature("Shape", inputs: 1...1, attributes: ["start", "end"])

    private let start: Int
    private let end: Int?

    package init(_ node: NodeDescription) throws(OperatorFault) {
        start = try node.attributes.int("start") ?? 0
        end = try node.attributes.int("end")
    }

    private func extents(_ shape: Shape) -> [Int] {
        let rank = shape.rank
        // Out-of-range bounds are clamped, as the specification says.
        let clamp = { (bound: Int) in min(max(bound < 0 ? max(bound, -rank) + rank : bound, 0), rank) }
        let (first, last) = (clamp(start), clamp(end ?? rank))
        return first < last ? Array(shape.dimensions[first..<last]) : []
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [ConcreteFact(.int64, Shape([extents(try operands.required(0).shape).count]))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] { [nil] }

    package func fold(_ operands: [OperandFact?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor]? {
        [tensor(try operands.required(0).shape)]
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        [tensor(try operands.required(0).shape)]
    }

    private func tensor(_ shape: Shape) -> Tensor {
        let extents = extents(shape).map { Int64($0) }
        return Tensor(extents, shape: Shape([extents.count]))
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try builder.constant(ConstantTensor(tensor(node.operands.required(0).shape)), for: node.output(0))
    }
}
