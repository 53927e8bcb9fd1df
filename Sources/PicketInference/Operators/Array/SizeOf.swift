package import PicketTensor

/// ONNX Size (opsets 1, 13, 19, 21): the number of the operand's elements as int64.
package struct SizeOf: Operator {
    package static let signature = OperatorSignature("Size", inputs: 1...1)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        _ = try operands.required(0)
        return [ConcreteFact(.int64, Shape([]))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] { [nil] }

    package func fold(_ operands: [OperandFact?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor]? {
        [tensor(try operands.required(0).shape)]
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        [tensor(try operands.required(0).shape)]
    }

    private func tensor(_ shape: Shape) -> Tensor { Tensor([Int64(shape.elementCount)], shape: Shape([])) }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try builder.constant(ConstantTensor(tensor(node.operands.required(0).shape)), for: node.output(0))
    }
}
