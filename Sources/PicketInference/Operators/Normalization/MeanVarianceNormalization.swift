import PicketTensor

/// ONNX MeanVarianceNormalization (opsets 9, 13): (x - mean) / (√variance + 1e-9) over some axes, by default all but the
/// channels.
package struct MeanVarianceNormalization: ComputeOperator {
    package static let signature = OperatorSignature(
        "MeanVarianceNormalization",
        opsets: 9...21,
        inputs: 1...1,
        attributes: ["axes"]
    )

    private let axes: [Int]

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axes = try node.attributes.ints("axes") ?? [0, 2, 3]
    }

    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("X", isOf: .floats)
        _ = try normalised(axes: axes, rank: operand.shape.rank)
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along(normalised(axes: axes, rank: context.operands.required(0).shape.rank))]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let operand = try operands.required(0)
        let reduced = try normalised(axes: axes, rank: operand.shape.rank)
        let body = MeanVarianceBody(
            kept: Shape(operand.shape.dimensions.enumerated().map { reduced.contains($0.offset) ? 1 : $0.element }),
            plan: ReductionPlan(operand.shape, reduced: reduced),
            operand: operand,
            result: result
        )
        try result.fact.elementType.dispatch(body)
    }
}

private struct MeanVarianceBody: FloatBody {
    /// Of the statistics.
    let kept: Shape
    let plan: ReductionPlan
    let operand: OperandView
    let result: ResultView

    private struct Statistics: BitwiseCopyable {
        var sum = 0.0
        var squares = 0.0
    }

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        let (x, y) = (operand.elements(type), result.elements(type))
        guard let source = x.baseAddress, !x.isEmpty else { return }
        let states = UnsafeMutableBufferPointer<Statistics>.allocate(capacity: plan.results)
        defer { states.deallocate() }
        states.initialize(repeating: Statistics())
        guard let first = states.baseAddress else { return }
        plan.forEach(in: 0..<plan.units, of: source, first) { $0.sum += Double($1) }
        let count = Double(plan.count)
        let broadcast = Broadcast(operand.shape, kept, result: operand.shape)
        // The deviations, not the plain squares: large means would swallow small variances.
        try broadcast.forEachPair { index, state in
            let deviation = Double(x[index]) - states[state].sum / count
            states[state].squares += deviation * deviation
        }
        try broadcast.forEachPair { index, state in
            let deviation = (states[state].squares / count).squareRoot()
            y[index] = Number((Double(x[index]) - states[state].sum / count) / (deviation + 1e-9))
        }
    }
}

extension Broadcast {
    /// Calls `body` with the positions of both operands' elements for each element of the result, in order.
    @inline(__always)
    func forEachPair(_ body: (_ left: Int, _ right: Int) throws(OperatorFault) -> Void) throws(OperatorFault) {
        guard !extents.contains(0) else { return }
        let (count, last) = (count, extents.count - 1)
        let (leftStep, rightStep) = (leftStrides[last], rightStrides[last])
        try forEachRun(0..<runs) { (_, leftBegin, rightBegin) throws(OperatorFault) in
            for index in 0..<count { try body(leftBegin + index * leftStep, rightBegin + index * rightStep) }
        }
    }
}
