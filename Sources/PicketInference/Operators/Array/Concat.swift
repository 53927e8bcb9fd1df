/// ONNX Concat (opsets 4, 11, 13): operands one behind the other along an axis.
package struct Concat: MovementOperator {
    package static let signature = OperatorSignature("Concat", inputs: 1...Int.max, attributes: ["axis"])

    let axis: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        guard let axis = try node.attributes.int("axis") else { throw OperatorFault("attribute axis is missing") }
        self.axis = axis
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let first = try operands.required(0)
        let axis = try normalised(axis: axis, rank: first.shape.rank)
        var dimensions = first.shape.dimensions
        for index in operands.indices.dropFirst() {
            let operand = try operands.required(index)
            var expected = operand.shape.dimensions
            guard operand.shape.rank == first.shape.rank, operand.elementType == first.elementType else {
                throw OperatorFault("input \(index) is \(operand.elementType) \(operand.shape), input 0 \(first.shape)")
            }
            expected[axis] = first.shape[axis]
            guard expected == first.shape.dimensions else {
                throw OperatorFault(
                    "input \(index) has shape \(operand.shape), which does not go behind \(first.shape)"
                )
            }
            dimensions[axis] += operand.shape[axis]
        }
        return [try .checked(first.elementType, dimensions)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let worked = try normalised(axis: axis, rank: context.operands.required(0).shape.rank)
        guard let rows = context.axes.compactMap({ $0 }).first, rows != worked,
            context.axes.indices.allSatisfy({
                context.axes[$0] == rows || context.axes[$0] == nil && context.isSame($0, along: rows)
            })
        else {
            throw OperatorFault(
                "mixes rows: inputs carry them on axes \(context.axes.map { $0.map(String.init) ?? "none" })"
            )
        }
        return [rows]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let result = results[0].shape
        let axis = try normalised(axis: axis, rank: result.rank)
        let strides = result.strides
        var parts: [(copy: StridedCopy, operand: Int, result: Int)] = []
        var begin = 0
        for index in operands.indices {
            let shape = try operands.required(index).shape
            let copy = StridedCopy(
                extents: shape.dimensions,
                strides: shape.strides,
                targetStrides: strides,
                targetOffset: begin * strides[axis]
            )
            parts.append((copy, index, 0))
            begin += shape[axis]
        }
        let size = results[0].elementType.byteCount
        return .copies(parts, elementBytes: size, bytes: result.elementCount * size)
    }
}
