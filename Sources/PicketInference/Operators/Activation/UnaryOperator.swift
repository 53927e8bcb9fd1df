import CPicketKernels
package import PicketTensor

/// An element-wise float32 function of one operand.
package protocol UnaryOperator: Operator {
    /// The reference.
    func apply(_ x: Float) -> Float

    /// The kernel and its parameters.
    var kernel: UnaryKernel { get }
}

/// A kernel of the table's `unary`, with its parameters.
package struct UnaryKernel: Sendable {
    let operation: picket_unary
    var alpha: Float = 0
    var beta: Float = 0
    /// Nanoseconds an element.
    var cost = Cost.element
}

extension UnaryOperator {
    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        _ = try operand.float32("the operand")
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([])]
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        let operand = try operands.required(0)
        return [Tensor(operand.elements(of: Float.self).map(apply), shape: operand.shape)]
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try builder.unary(kernel, node)
    }
}

extension PlanBuilder {
    /// Elements of one unit of element-wise work.
    static let block = 4096

    /// Adds an element-wise function, in place where nobody reads the operand later.
    mutating func unary(_ kernel: UnaryKernel, _ node: LoweredNode) throws(OperatorFault) {
        let (input, output) = (try node.input(0), try node.output(0))
        let count = try node.operands.required(0).shape.elementCount
        let kernels = kernels
        try reuse(input, for: output)
        let blocks = (count + Self.block - 1) / Self.block
        try add(units: blocks, cost: Double(count) * kernel.cost) { resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input), try resolver.address(output))
            return { space, units in
                let begin = units.lowerBound * Self.block
                let end = min(units.upperBound * Self.block, count)
                kernels.functions.pointee.unary(
                    kernel.operation,
                    end - begin,
                    x.floats(space) + begin,
                    y.mutableFloats(space) + begin,
                    kernel.alpha,
                    kernel.beta
                )
            }
        }
    }
}
