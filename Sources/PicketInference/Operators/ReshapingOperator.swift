package import PicketTensor

/// An operator that keeps its first operand's elements in order under another shape: no step, only an alias.
package protocol ReshapingOperator: Operator {}

extension ReshapingOperator {
    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.reshaped()
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        guard let result = results.first else { return [] }
        return [try operands.required(0).reshaped(to: result.shape)]
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try builder.alias(node.output(0), of: node.input(0))
    }
}
