import PicketTensor

/// ONNX Gather (opsets 1, 11, 13): entries of an axis by index; negative indices count from its end.
package struct Gather: ComputeOperator {
    package static let signature = OperatorSignature("Gather", inputs: 2...2, attributes: ["axis"])

    private let axis: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? 0
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let data = try operands.required(0)
        let indices = try operands.required(1)
        guard indices.elementType == .int64 || indices.elementType == .int32 else {
            throw OperatorFault("indices are \(indices.elementType), expected int32 or int64")
        }
        let axis = try normalised(axis: axis, rank: data.shape.rank)
        let dimensions = data.shape.dimensions
        return [
            try .checked(
                data.elementType,
                Array(dimensions[..<axis]) + indices.shape.dimensions + dimensions[(axis + 1)...]
            )
        ]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let data = try context.operands.required(0).shape
        let indices = try context.operands.required(1).shape
        let worked = try normalised(axis: axis, rank: data.rank)
        if context.axes[0] == nil, let rows = context.axes[1] { return [worked + rows] }
        let rows = try context.along([worked])
        return [rows < worked ? rows : rows + indices.rank - 1]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let data = try operands.required(0)
        let indices = try operands.required(1)
        let axis = try normalised(axis: axis, rank: data.shape.rank)
        let extent = data.shape[axis]
        let outer = data.shape.dimensions[..<axis].reduce(1, *)
        let block = data.shape.dimensions[(axis + 1)...].reduce(1, *) * data.fact.elementType.byteCount
        let wide = indices.fact.elementType == .int64
        var target = 0
        for index in 0..<outer {
            for position in 0..<indices.shape.elementCount {
                let given =
                    wide ? Int(indices.elements(Int64.self)[position]) : Int(indices.elements(Int32.self)[position])
                guard given >= -extent, given < extent else {
                    throw OperatorFault("index \(given) lies outside axis \(axis) of \(data.shape)")
                }
                let source = (index * extent + (given < 0 ? given + extent : given)) * block
                UnsafeMutableRawBufferPointer(rebasing: result.bytes[target..<target + block])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: data.bytes[source..<source + block]))
                target += block
            }
        }
    }
}
