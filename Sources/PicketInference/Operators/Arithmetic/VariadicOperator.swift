package import CPicketKernels
package import PicketTensor

/// One function over any number of operands with broadcasting, taken two at a time from the first on.
package protocol VariadicOperator: ComputeOperator {
    static var types: Set<ElementType> { get }

    /// The kernel for two float32 operands.
    static var kernel: picket_binary { get }

    static func apply(_ left: Double, _ right: Double) -> Double

    /// For integers, wrapping.
    static func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number

    /// Whether the result is divided by the number of operands.
    static var isMean: Bool { get }
}

extension VariadicOperator {
    package static var isMean: Bool { false }

    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let first = try operands.required(0)
        try first.check("input 0", isOf: Self.types)
        var shape = first.shape
        for index in operands.indices.dropFirst() {
            let operand = try operands.required(index)
            try Broadcast.check(first, operand, areOf: Self.types)
            shape = try ConcreteFact.checked(first.elementType, try Broadcast.shape(shape, operand.shape)).shape
        }
        return [ConcreteFact(first.elementType, shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.broadcast()
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        try operands.required(0).copyStretched(into: result)
        for index in operands.indices.dropFirst() {
            let body = VariadicBody<Self>(operand: try operands.required(index), result: result)
            try result.fact.elementType.dispatch(body)
        }
        if Self.isMean { try result.fact.elementType.dispatch(DivisionBody(result: result, count: operands.count)) }
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let count = node.operands.count
        guard count > 1, let result = node.results.first, result.elementType == .float32 else {
            return try builder.compute(self, node, cost: Cost.element)
        }
        let (output, first, second) = (try node.output(0), try node.input(0), try node.input(1))
        if count == 2, try !builder.reuse(first, for: output) { try builder.reuse(second, for: output) }
        let shapes = try (0..<count).map { index throws(OperatorFault) in try node.operands.required(index).shape }
        try builder.binary(
            Self.kernel,
            Broadcast(shapes[0], shapes[1], result: result.shape),
            first,
            second,
            output
        )
        for index in 2..<max(count, 2) {
            let broadcast = Broadcast(result.shape, shapes[index], result: result.shape)
            try builder.binary(Self.kernel, broadcast, output, node.input(index), output)
        }
        if Self.isMean { try builder.divide(output, by: Float(count), count: result.shape.elementCount) }
    }
}

extension PlanBuilder {
    /// Adds a division of a result by a number, in place.
    fileprivate mutating func divide(_ output: ValueID, by divisor: Float, count: Int) throws(OperatorFault) {
        let place = Place(value: output, layout: .plain)
        let work = ElementwiseWork(operands: [place], result: place) { resolver throws(OperatorFault) in
            let target = try resolver.address(output)
            return { space, elements in
                let y = target.mutableFloats(space)
                for index in elements { y[index] /= divisor }
            }
        }
        try addElementwise(work, elements: count, cost: Cost.element)
    }
}

private struct VariadicBody<Operation: VariadicOperator>: NumberBody {
    let operand: OperandView
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        try forEach(type) { Number(Operation.apply(Double($0), Double($1))) }
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        try forEach(type) { Operation.apply($0, $1) }
    }

    private func forEach<Number: TensorElement>(
        _ type: Number.Type,
        _ apply: (Number, Number) -> Number
    ) throws(OperatorFault) {
        let y = result.elements(type)
        // The result is read in its own order: what it holds there so far is the left operand.
        try Broadcast(result.shape, operand.shape, result: result.shape)
            .forEach(UnsafeBufferPointer(y), operand.elements(type)) { index, left, right in
                y[index] = apply(left, right)
            }
    }
}

private struct DivisionBody: NumberBody {
    let result: ResultView
    let count: Int

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        let y = result.elements(type)
        for index in y.indices { y[index] /= Number(count) }
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) {}
}
