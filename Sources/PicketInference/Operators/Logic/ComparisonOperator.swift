package import PicketTensor

/// A comparison of two operands of one type, element by element with broadcasting: bool.
package protocol ComparisonOperator: ComputeOperator {
    /// What the operands may be.
    static var types: Set<ElementType> { get }

    /// Whether two elements compare so; nothing does with NaN.
    static func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool
}

extension ComparisonOperator {
    package static var types: Set<ElementType> { .numbers }

    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (left, right) = (try operands.required(0), try operands.required(1))
        try Broadcast.check(left, right, areOf: Self.types)
        return [try .checked(.bool, try Broadcast.shape(left.shape, right.shape))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.broadcast()
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let (left, right) = (try operands.required(0), try operands.required(1))
        let body = ComparisonBody<Self>(left: left, right: right, result: result)
        try left.fact.elementType.dispatch(body)
    }
}

private struct ComparisonBody<Operation: ComparisonOperator>: NumberBody {
    let left: OperandView
    let right: OperandView
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        try compare(left.elements(type), right.elements(type))
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        try compare(left.elements(type), right.elements(type))
    }

    private func compare<Value: Comparable>(
        _ a: UnsafeBufferPointer<Value>,
        _ b: UnsafeBufferPointer<Value>
    ) throws(OperatorFault) {
        let y = result.elements(UInt8.self)
        try Broadcast(left.shape, right.shape, result: result.shape).forEach(a, b) { index, a, b in
            y[index] = Operation.holds(a, b) ? 1 : 0
        }
    }
}
