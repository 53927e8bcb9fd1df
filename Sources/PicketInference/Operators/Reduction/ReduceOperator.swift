package import PicketTensor

/// A reduction along some axes: one state for each element of the result, which takes the operand's elements in order.
package protocol ReduceOperator: ComputeOperator {
    /// What a float result is made in.
    associatedtype State: BitwiseCopyable & Sendable = Double

    static var types: Set<ElementType> { get }

    /// How integers are reduced.
    static var integers: IntegerReduction { get }

    var axes: ReductionAxes { get }

    /// The state before any element.
    var start: State { get }

    func step(_ state: inout State, _ x: Double)

    /// - Parameter count: elements that the state has taken.
    func finish(_ state: State, count: Int) -> Double
}

/// How integers are reduced; sums and products wrap.
package enum IntegerReduction: Sendable {
    case sum
    case magnitudes
    case squares
    case product
    case largest
    case smallest
    /// The sum divided by the number of elements, towards zero.
    case mean
    /// As doubles, and the result towards zero.
    case doubles
}

extension ReduceOperator {
    package static var types: Set<ElementType> { .numbers }

    package static var attributes: Set<String> { ["axes", "keepdims", "noop_with_empty_axes"] }

    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("data", isOf: Self.types)
        return [try .checked(operand.elementType, axes.extents(operands))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try axes.rowAxis(context)]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let operand = try operands.required(0)
        let facts = operands.map { $0.map { OperandFact($0.fact, constant: $0.copied()) } }
        let plan = ReductionPlan(operand.shape, reduced: try axes.reduced(facts))
        try result.fact.elementType.dispatch(
            ReduceBody(operation: self, plan: plan, operand: operand, result: result)
        )
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        try lowerPlainly(node, into: &builder)
    }

    /// Adds the steps of a reduction without a kernel; float32 in parts.
    func lowerPlainly(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let operand = try node.operands.required(0)
        guard operand.elementType == .float32 else { return try builder.compute(self, node, cost: Cost.transcendental) }
        let plan = ReductionPlan(operand.shape, reduced: try axes.reduced(node.operands))
        let (input, output) = (try node.input(0), try node.output(0))
        let part = plan.unitResults
        let scratch = max(part, 1) * MemoryLayout<State>.stride
        try builder.add(
            units: plan.units,
            cost: Double(operand.shape.elementCount) * Cost.transcendental,
            scratch: scratch
        ) { resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input), try resolver.address(output))
            return { space, units in
                let states = space.scratch.bindMemory(to: State.self, capacity: part)
                for unit in units {
                    for index in 0..<part { states[index] = start }
                    plan.forEach(in: unit..<unit + 1, of: x.floats(space), states) { step(&$0, Double($1)) }
                    let target = y.mutableFloats(space) + unit * part
                    for index in 0..<part { target[index] = Float(finish(states[index], count: plan.count)) }
                }
            }
        }
    }
}

private struct ReduceBody<Operation: ReduceOperator>: NumberBody {
    let operation: Operation
    let plan: ReductionPlan
    let operand: OperandView
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        let start = operation.start
        reduce(type, start, { operation.step(&$0, Double($1)) }) { Number(operation.finish($0, count: plan.count)) }
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) {
        switch Operation.integers {
        case .sum: reduce(type, 0, { $0 &+= $1 }) { $0 }
        case .magnitudes: reduce(type, 0, { $0 &+= $1 < 0 ? 0 &- $1 : $1 }) { $0 }
        case .squares: reduce(type, 0, { $0 &+= $1 &* $1 }) { $0 }
        case .product: reduce(type, 1, { $0 &*= $1 }) { $0 }
        case .largest: reduce(type, .min, { $0 = max($0, $1) }) { $0 }
        case .smallest:
            let start: Number = result.fact.elementType == .bool ? 1 : .max
            reduce(type, start, { $0 = min($0, $1) }) { $0 }
        case .mean:
            let count = Number(clamping: plan.count)
            reduce(type, 0, { $0 &+= $1 }) { count == 0 ? 0 : $0 / count }
        case .doubles:
            let start = operation.start
            reduce(type, start, { operation.step(&$0, Double($1)) }) {
                Number(saturating: operation.finish($0, count: plan.count))
            }
        }
    }

    private func reduce<Number: TensorElement, State: BitwiseCopyable>(
        _ type: Number.Type,
        _ start: State,
        _ step: (inout State, Number) -> Void,
        _ finish: (State) -> Number
    ) {
        let y = result.elements(type)
        let states = UnsafeMutableBufferPointer<State>.allocate(capacity: y.count)
        defer { states.deallocate() }
        states.initialize(repeating: start)
        if let x = operand.elements(type).baseAddress, let states = states.baseAddress {
            plan.forEach(in: 0..<plan.units, of: x, states, step)
        }
        for index in y.indices { y[index] = finish(states[index]) }
    }
}
