import PicketTensor

/// ONNX Tile (opsets 6, 13): the operand repeated along every axis.
package struct Tile: MovementOperator, RepeatingOperator {
    package static let signature = OperatorSignature("Tile", inputs: 2...2)

    package var shapeOperands: Set<Int> { [1] }

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    private func repeats(_ operands: [OperandFact?]) throws(OperatorFault) -> [Int] {
        let shape = try operands.required(0).shape
        let repeats = try operands.required(1).integers("repeats")
        guard repeats.count == shape.rank else {
            throw OperatorFault("repeats has \(repeats.count) values, expected \(shape.rank)")
        }
        for count in repeats where count < 0 { throw OperatorFault("repeats \(repeats) holds \(count)") }
        return repeats
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let data = try operands.required(0)
        var extents: [Int] = []
        for (extent, count) in zip(data.shape.dimensions, try repeats(operands)) {
            let (product, overflow) = extent.multipliedReportingOverflow(by: count)
            extents.append(overflow ? .max : product)
        }
        return [try .checked(data.elementType, extents)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let worked = try repeats(context.operands).enumerated().filter { $0.element != 1 }.map(\.offset)
        return [try context.along(worked)]
    }

    package func repeatedAxes(_ operands: [OperandFact?], _ result: ConcreteFact) -> Set<Int> {
        guard let shape = (operands.first ?? nil)?.shape else { return [] }
        return Set(shape.dimensions.indices.filter { shape[$0] == 1 })
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        // A tiled axis is two: which copy, and where in it.
        let pairs = zip(try repeats(operands), zip(data.shape.dimensions, data.shape.strides))
        let copy = StridedCopy(
            extents: pairs.flatMap { [$0.0, $0.1.0] },
            strides: pairs.flatMap { [0, $0.1.1] }
        )
        let size = data.elementType.byteCount
        return .copies([(copy, 0, 0)], elementBytes: size, bytes: results[0].shape.elementCount * size)
    }
}
