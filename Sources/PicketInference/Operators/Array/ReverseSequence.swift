import PicketTensor

/// ONNX ReverseSequence (opset 10): turns the first so many entries of the time axis around, for each entry of the batch axis.
package struct ReverseSequence: MovementOperator {
    package static let signature = OperatorSignature(
        "ReverseSequence",
        opsets: 10...21,
        inputs: 2...2,
        attributes: ["batch_axis", "time_axis"]
    )

    private let timeAxis: Int
    private let batchAxis: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        timeAxis = try node.attributes.int("time_axis") ?? 0
        batchAxis = try node.attributes.int("batch_axis") ?? 1
        guard Set([timeAxis, batchAxis]) == [0, 1] else {
            throw OperatorFault("time_axis is \(timeAxis) and batch_axis \(batchAxis), expected 0 and 1 in some order")
        }
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (data, lengths) = (try operands.required(0), try operands.required(1))
        guard data.shape.rank >= 2, lengths.elementType == .int64, lengths.shape.dimensions == [data.shape[batchAxis]]
        else {
            throw OperatorFault("sequence_lens is \(lengths.elementType) \(lengths.shape), the input has \(data.shape)")
        }
        return [data.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        if let rows = context.axes[0], rows == batchAxis, context.axes[1] == nil || context.axes[1] == 0 {
            // The lengths are one a row where the rows are the batch; shared ones would differ by the row's place.
            guard context.axes[1] == 0 else { throw OperatorFault("mixes rows: their lengths hinge on their places") }
            return [rows]
        }
        return [try context.along([timeAxis, batchAxis])]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        let (time, batch) = (data.shape[timeAxis], data.shape[batchAxis])
        let block = data.shape.dimensions[2...].reduce(1, *) * data.elementType.byteCount
        let (timeStride, batchStride) = timeAxis == 0 ? (batch, 1) : (1, time)
        return Movement(units: max(batch, 1), cost: Double(time * batch * block) * Cost.copiedByte) {
            (memory, units) throws(OperatorFault) in
            let (lengths, from, to) = (memory.operand(1, as: Int64.self), memory.operand(0), memory.result)
            for entry in units.clamped(to: 0..<batch) {
                let length = Int(lengths[entry])
                guard length >= 0, length <= time else {
                    throw OperatorFault("sequence_lens holds \(length), expected 0 to \(time)")
                }
                for step in 0..<time {
                    let source = step < length ? length - 1 - step : step
                    (to + (step * timeStride + entry * batchStride) * block).copyMemory(
                        from: from + (source * timeStride + entry * batchStride) * block,
                        byteCount: block
                    )
                }
            }
        }
    }
}
