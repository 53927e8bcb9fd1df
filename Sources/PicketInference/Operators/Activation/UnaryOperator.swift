import CPicketKernels
package import PicketTensor

/// An element-wise function of one operand: float32 by kernel, other types plainly.
package protocol UnaryOperator: ComputeOperator, PictureOperator {
    /// What the operand, and so the result, may be.
    static var types: Set<ElementType> { get }

    /// The reference, for floats of every width: computed in double precision and rounded once.
    func apply(_ x: Double) -> Double

    /// For integers, wrapping; only where `types` has them.
    func apply<Number: FixedWidthInteger>(_ x: Number) -> Number

    /// The kernel and its parameters; nil where there is none.
    var kernel: UnaryKernel? { get }
}

/// A kernel of the table's `unary`, with its parameters.
package struct UnaryKernel: Sendable {
    let operation: picket_unary
    var alpha: Float = 0
    var beta: Float = 0
    /// Nanoseconds an element.
    var cost = Cost.element

    /// A function that takes a polynomial or more.
    static func transcendental(_ operation: picket_unary, alpha: Float = 0, beta: Float = 0) -> UnaryKernel {
        UnaryKernel(operation: operation, alpha: alpha, beta: beta, cost: Cost.transcendental)
    }
}

extension UnaryOperator {
    package static var types: Set<ElementType> { .floats }

    package var kernel: UnaryKernel? { nil }

    package var computesHalves: Bool { false }

    package func apply<Number: FixedWidthInteger>(_ x: Number) -> Number { x }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("the operand", isOf: Self.types)
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([])]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let body = UnaryBody(operation: self, operand: try operands.required(0), result: result)
        try result.fact.elementType.dispatch(body)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        guard let kernel, node.results.first?.elementType == .float32 else {
            return try builder.compute(self, node, cost: Cost.reference)
        }
        try builder.unary(kernel, node)
    }

    package func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice? {
        guard lying[0] != .plain, kernel != nil, node.results.first?.elementType == .float32 else { return nil }
        return LayoutChoice(operands: [.channelsLastDense], result: .channelsLastDense)
    }

    package func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    ) throws(OperatorFault) {
        guard let kernel else { throw OperatorFault("has no kernel") }
        let count = try node.operands.required(0).shape.elementCount
        try builder.unary(kernel, of: try node.input(0), count: count, node, .channelsLastDense)
    }
}

private struct UnaryBody<Operation: UnaryOperator>: NumberBody {
    let operation: Operation
    let operand: OperandView
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        let (x, y) = (operand.elements(type), result.elements(type))
        for index in x.indices { y[index] = Number(operation.apply(Double(x[index]))) }
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) {
        let (x, y) = (operand.elements(type), result.elements(type))
        for index in x.indices { y[index] = operation.apply(x[index]) }
    }
}

extension PlanBuilder {
    /// Adds an element-wise function, in place where nobody reads the operand later.
    mutating func unary(_ kernel: UnaryKernel, _ node: LoweredNode) throws(OperatorFault) {
        try unary(kernel, of: try node.input(0), count: try node.operands.required(0).shape.elementCount, node)
    }

    /// The same of another operand than the first, or in another layout without gaps.
    mutating func unary(
        _ kernel: UnaryKernel,
        of input: ValueID,
        count: Int,
        _ node: LoweredNode,
        _ layout: Layout = .plain
    ) throws(OperatorFault) {
        let output = try node.output(0)
        let kernels = kernels
        if try !reuse(input, for: output, layout) { newBuffer(for: output, layout, at: currentIndex) }
        let (x, y) = (Place(value: input, layout: layout), Place(value: output, layout: layout))
        let link = ElementwiseWork.Link(function: .unary(kernel))
        let work = ElementwiseWork(operands: [x], result: y, link: link) { resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input, layout), try resolver.address(output, layout))
            return { space, elements in
                kernels.functions.pointee.unary(
                    kernel.operation,
                    elements.count,
                    x.floats(space) + elements.lowerBound,
                    y.mutableFloats(space) + elements.lowerBound,
                    kernel.alpha,
                    kernel.beta
                )
            }
        }
        try addElementwise(work, elements: count, cost: kernel.cost)
    }
}
