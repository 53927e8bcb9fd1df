/// ONNX Concat (opsets 4, 11, 13): operands one behind the other along an axis.
package struct Concat: ComputeOperator {
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
        guard let rows = context.axes[0], rows != worked, context.axes.allSatisfy({ $0 == rows }) else {
            throw OperatorFault(
                "mixes rows: inputs carry them on axes \(context.axes.map { $0.map(String.init) ?? "none" })"
            )
        }
        return [rows]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let axis = try normalised(axis: axis, rank: result.shape.rank)
        let outer = result.shape.dimensions[..<axis].reduce(1, *)
        guard outer > 0, result.bytes.count > 0 else { return }
        let stride = result.bytes.count / outer
        var begin = 0
        for case let operand? in operands {
            let block = operand.bytes.count / outer
            for index in 0..<outer where block > 0 {
                UnsafeMutableRawBufferPointer(
                    rebasing: result.bytes[index * stride + begin..<index * stride + begin + block]
                )
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: operand.bytes[index * block..<(index + 1) * block]))
            }
            begin += block
        }
    }
}
