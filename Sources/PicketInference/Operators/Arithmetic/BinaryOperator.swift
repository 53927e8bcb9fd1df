package import CPicketKernels
package import PicketTensor

/// An element-wise function of two operands of one type with broadcasting: float32 by kernel, other types plainly.
package protocol BinaryOperator: ComputeOperator, PictureOperator {
    /// What both operands, and so the result, may be.
    static var types: Set<ElementType> { get }

    /// The kernel for float32; nil where there is none.
    static var kernel: picket_binary? { get }

    /// The reference, for floats of every width: computed in double precision and rounded once.
    func apply(_ left: Double, _ right: Double) -> Double

    /// For integers, and for bool as 0 and whatever else is true.
    ///
    /// - Throws: where there is no result.
    func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) throws(OperatorFault) -> Number
}

extension BinaryOperator {
    package static var kernel: picket_binary? { nil }

    package var computesHalves: Bool { false }

    package func apply(_ left: Double, _ right: Double) -> Double { .nan }

    package func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) throws(OperatorFault) -> Number {
        throw OperatorFault("has no result for integers")
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (left, right) = (try operands.required(0), try operands.required(1))
        try Broadcast.check(left, right, areOf: Self.types)
        return [try .checked(left.elementType, try Broadcast.shape(left.shape, right.shape))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.broadcast()
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let (left, right) = (try operands.required(0), try operands.required(1))
        let body = BinaryBody(operation: self, left: left, right: right, result: result)
        try result.fact.elementType.dispatch(body)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        guard let kernel = Self.kernel, let result = node.results.first, result.elementType == .float32 else {
            return try builder.compute(self, node, cost: Cost.element)
        }
        let (left, right) = (try node.input(0), try node.input(1))
        let broadcast = Broadcast(
            try node.operands.required(0).shape,
            try node.operands.required(1).shape,
            result: result.shape
        )
        if try !builder.reuse(left, for: node.output(0)) { try builder.reuse(right, for: node.output(0)) }
        try builder.binary(kernel, broadcast, left, right, node.output(0))
    }
}

private struct BinaryBody<Operation: BinaryOperator>: NumberBody {
    let operation: Operation
    let left: OperandView
    let right: OperandView
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        let y = result.elements(type)
        try Broadcast(left.shape, right.shape, result: result.shape)
            .forEach(left.elements(type), right.elements(type)) { (index, a, b) throws(OperatorFault) in
                y[index] = Number(operation.apply(Double(a), Double(b)))
            }
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        let y = result.elements(type)
        try Broadcast(left.shape, right.shape, result: result.shape)
            .forEach(left.elements(type), right.elements(type)) { (index, a, b) throws(OperatorFault) in
                y[index] = try operation.apply(a, b)
            }
    }
}

extension Broadcast {
    /// - Throws: where two operands are not both of one of those types.
    static func check(
        _ left: OperandFact,
        _ right: OperandFact,
        areOf types: Set<ElementType>
    ) throws(OperatorFault) {
        guard left.elementType == right.elementType else {
            throw OperatorFault("inputs are \(left.elementType) and \(right.elementType), expected equal types")
        }
        guard types.contains(left.elementType) else {
            throw OperatorFault("inputs are \(left.elementType), expected \(types.listed)")
        }
    }

    /// Calls `body` with the position and both operands' elements for each element of the result, in order.
    @inline(__always)
    func forEach<Left, Right>(
        _ left: UnsafeBufferPointer<Left>,
        _ right: UnsafeBufferPointer<Right>,
        _ body: (_ index: Int, Left, Right) throws(OperatorFault) -> Void
    ) throws(OperatorFault) {
        guard !extents.contains(0) else { return }
        let (count, last) = (count, extents.count - 1)
        let (leftStep, rightStep) = (leftStrides[last], rightStrides[last])
        try forEachRun(0..<runs) { (run, leftBegin, rightBegin) throws(OperatorFault) in
            for index in 0..<count {
                let (a, b) = (left[leftBegin + index * leftStep], right[rightBegin + index * rightStep])
                try body(run * count + index, a, b)
            }
        }
    }
}
