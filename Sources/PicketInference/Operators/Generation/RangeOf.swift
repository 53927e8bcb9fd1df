import PicketTensor

/// ONNX Range (opset 11): start, start + delta, … below limit.
package struct RangeOf: MovementOperator {
    package static let signature = OperatorSignature("Range", opsets: 11...21, inputs: 3...3)

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    private func bounds(_ operands: [OperandFact?]) throws(OperatorFault) -> [Tensor] {
        let type = try operands.required(0).elementType
        guard [.float32, .float64, .int16, .int32, .int64].contains(type) else {
            throw OperatorFault("start is \(type), expected float32, float64, int16, int32 or int64")
        }
        var bounds: [Tensor] = []
        for (index, name) in ["start", "limit", "delta"].enumerated() {
            let operand = try operands.required(index)
            guard operand.elementType == type, operand.shape.elementCount == 1 else {
                throw OperatorFault("\(name) is \(operand.elementType) \(operand.shape), expected one \(type)")
            }
            bounds.append(try operand.known(name).tensor())
        }
        return bounds
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let bounds = try bounds(operands)
        let count = try bounds[0].elementType.visit(Count(bounds: bounds))
        return [try .checked(bounds[0].elementType, [count])]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        throw OperatorFault("mixes rows: makes a shape of what differs by row")
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        try results[0].elementType.visit(Writer(count: results[0].shape.elementCount))
    }

    private struct Count: FormatVisitor {
        var bounds: [Tensor]

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Int {
            let numbers = bounds.map { tensor in
                tensor.withUnsafeBytes { Format.load($0.loadUnaligned(as: Format.Stored.self)) }
            }
            let (start, limit, delta) = (numbers[0], numbers[1], numbers[2])
            if let integers = numbers as? [Int64] { return try Self.steps(integers) }
            let steps = ((Format.double(limit) - Format.double(start)) / Format.double(delta)).rounded(.up)
            guard Format.double(delta) != 0, steps.isFinite, steps <= 0x1p40 else {
                throw OperatorFault("from \(start) to \(limit) by \(delta) is no range")
            }
            return Int(max(0, steps))
        }

        /// Doubles do not hold every int64.
        private static func steps(_ bounds: [Int64]) throws(OperatorFault) -> Int {
            let (start, limit, delta) = (bounds[0], bounds[1], bounds[2])
            guard delta != 0 else { throw OperatorFault("from \(start) to \(limit) by 0 is no range") }
            guard delta > 0 ? limit > start : limit < start else { return 0 }
            let distance = delta > 0 ? UInt64(bitPattern: limit &- start) : UInt64(bitPattern: start &- limit)
            let steps = (distance - 1) / delta.magnitude + 1
            guard steps <= 1 << 40 else { throw OperatorFault("from \(start) to \(limit) by \(delta) is too long") }
            return Int(steps)
        }
    }

    private struct Writer: FormatVisitor {
        var count: Int

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
            let count = count
            return Movement(cost: Double(count) * Cost.element) { memory, _ in
                let start = Format.load(memory.operand(0, as: Format.Stored.self).pointee)
                let delta = Format.load(memory.operand(2, as: Format.Stored.self).pointee)
                let result = memory.result(as: Format.Stored.self)
                for index in 0..<count {
                    let step = Format.multiply(Format.number(Double(index)), delta)
                    result[index] = Format.store(Format.add(start, step))
                }
            }
        }
    }
}
