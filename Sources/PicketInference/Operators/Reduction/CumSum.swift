import PicketTensor

/// ONNX CumSum (opsets 11, 14): sums of all elements up to each one along an axis; integers wrap.
package struct CumSum: ComputeOperator {
    package static let signature = OperatorSignature(
        "CumSum",
        opsets: 11...21,
        inputs: 2...2,
        attributes: ["exclusive", "reverse"]
    )

    /// Whether an element is left out of its own sum.
    private let isExclusive: Bool
    /// Whether sums begin at the end.
    private let isReverse: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        isExclusive = try node.attributes.flag("exclusive", default: false)
        isReverse = try node.attributes.flag("reverse", default: false)
    }

    package var computesHalves: Bool { false }

    private func axis(_ operands: [OperandFact?]) throws(OperatorFault) -> Int {
        let values = try operands.required(1).integers("axis")
        guard values.count == 1 else { throw OperatorFault("axis has \(values.count) elements, expected one") }
        return try normalised(axis: values[0], rank: operands.required(0).shape.rank)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("x", isOf: .numbers)
        _ = try axis(operands)
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([axis(context.operands)])]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let facts = operands.map { $0.map { OperandFact($0.fact, constant: $0.copied()) } }
        let body = CumSumBody(
            axis: try axis(facts),
            isExclusive: isExclusive,
            isReverse: isReverse,
            operand: try operands.required(0),
            result: result
        )
        try result.fact.elementType.dispatch(body)
    }
}

private struct CumSumBody: NumberBody {
    let axis: Int
    let isExclusive: Bool
    let isReverse: Bool
    let operand: OperandView
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        sum(type, 0.0) { (sum: inout Double, x: Number) in
            sum += Double(x)
        } rounded: {
            Number($0)
        }
    }

    func integers<Number: FixedWidthInteger & TensorElement>(_ type: Number.Type) {
        sum(type, 0 as Number) {
            $0 &+= $1
        } rounded: {
            $0
        }
    }

    private func sum<Number: TensorElement, Sum>(
        _ type: Number.Type,
        _ zero: Sum,
        _ add: (inout Sum, Number) -> Void,
        rounded: (Sum) -> Number
    ) {
        let (x, y) = (operand.elements(type), result.elements(type))
        let extent = operand.shape[axis]
        let inner = operand.shape.dimensions[(axis + 1)...].reduce(1, *)
        let outer = operand.shape.dimensions[..<axis].reduce(1, *)
        for (block, column) in product(outer, inner) {
            var total = zero
            for step in 0..<extent {
                let index = (block * extent + (isReverse ? extent - 1 - step : step)) * inner + column
                if isExclusive { y[index] = rounded(total) }
                add(&total, x[index])
                if !isExclusive { y[index] = rounded(total) }
            }
        }
    }
}
