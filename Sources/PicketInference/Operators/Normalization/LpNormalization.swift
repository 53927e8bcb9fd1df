import PicketTensor

/// ONNX LpNormalization (opset 1): every row along an axis divided by its norm, Σ|x| or √Σx²; a row of zeros stays.
package struct LpNormalization: ComputeOperator {
    package static let signature = OperatorSignature("LpNormalization", inputs: 1...1, attributes: ["axis", "p"])

    private let axis: Int
    private let isEuclidean: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? -1
        let p = try node.attributes.int("p") ?? 2
        guard p == 1 || p == 2 else { throw OperatorFault("attribute p is \(p), expected 1 or 2") }
        isEuclidean = p == 2
    }

    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("input", isOf: .floats)
        _ = try normalised(axis: axis, rank: operand.shape.rank)
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([normalised(axis: axis, rank: context.operands.required(0).shape.rank)])]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let operand = try operands.required(0)
        let body = LpBody(
            axis: try normalised(axis: axis, rank: operand.shape.rank),
            isEuclidean: isEuclidean,
            operand: operand,
            result: result
        )
        try result.fact.elementType.dispatch(body)
    }
}

private struct LpBody: FloatBody {
    let axis: Int
    let isEuclidean: Bool
    let operand: OperandView
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        let (x, y) = (operand.elements(type), result.elements(type))
        let extents = operand.shape.dimensions
        let (extent, inner) = (extents[axis], extents[(axis + 1)...].reduce(1, *))
        for (block, column) in product(extents[..<axis].reduce(1, *), inner) {
            let begin = block * extent * inner + column
            var norm = 0.0
            for index in 0..<extent {
                let value = Double(x[begin + index * inner])
                norm += isEuclidean ? value * value : value.magnitude
            }
            if isEuclidean { norm.formSquareRoot() }
            for index in 0..<extent {
                let value = Double(x[begin + index * inner])
                y[begin + index * inner] = Number(norm == 0 ? 0 : value / norm)
            }
        }
    }
}
