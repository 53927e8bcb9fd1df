import PicketTensor

/// ONNX MaxUnpool (opsets 9, 11): elements back to where MaxPool's indices say they were, zeros elsewhere.
package struct MaxUnpool: MovementOperator {
    package static let signature = OperatorSignature(
        "MaxUnpool",
        opsets: 9...21,
        inputs: 2...3,
        attributes: ["kernel_shape", "pads", "strides"]
    )

    private let attributes: NodeAttributes
    private let kernel: [Int]

    package init(_ node: NodeDescription) throws(OperatorFault) {
        attributes = node.attributes
        guard let kernel = try node.attributes.ints("kernel_shape") else {
            throw OperatorFault("attribute kernel_shape is missing")
        }
        self.kernel = kernel
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (x, indices) = (try operands.required(0), try operands.required(1))
        guard x.elementType.isFloatingPoint, indices.elementType == .int64, indices.shape == x.shape, x.shape.rank >= 3
        else {
            throw OperatorFault(
                "X is \(x.elementType) \(x.shape) and I \(indices.elementType) \(indices.shape), expected floats and "
                    + "int64 of one shape"
            )
        }
        let spatial = Array(x.shape.dimensions.dropFirst(2))
        guard kernel.count == spatial.count else {
            throw OperatorFault("kernel_shape has \(kernel.count) values, expected \(spatial.count)")
        }
        if let operand = operands.optional(2) {
            let shape = try operand.integers("output_shape")
            guard shape.count == x.shape.rank, shape.prefix(2) == x.shape.dimensions.prefix(2) else {
                throw OperatorFault("output_shape is \(shape), X has shape \(x.shape)")
            }
            return [try .checked(x.elementType, shape)]
        }
        let window = try TransposedWindow(attributes, input: spatial, kernel: kernel)
        return [try .checked(x.elementType, x.shape.dimensions.prefix(2) + window.output.suffix(spatial.count))]
    }

    /// An index names a place in the whole result: rows cannot be told apart.
    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        throw OperatorFault("mixes rows: indices name places among all of them")
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let (count, size) = (try operands.required(0).shape.elementCount, results[0].elementType.byteCount)
        let x = try operands.required(0).shape
        let result = results[0].shape
        // Where output_shape makes more room, indices still count in the shape that the window would make.
        let window = try? TransposedWindow(attributes, input: Array(x.dimensions.dropFirst(2)), kernel: kernel)
        let inner = window.map { Array($0.output.suffix($0.rank)) } ?? Array(result.dimensions.dropFirst(2))
        let counted = try ConcreteFact.checked(.int64, Array(result.dimensions.prefix(2)) + inner).shape
        let (from, to) = (counted.strides, result.strides)
        return Movement(cost: Double(result.elementCount * size) * Cost.copiedByte) {
            (memory, _) throws(OperatorFault) in
            memory.result.initializeMemory(as: UInt8.self, repeating: 0, count: result.elementCount * size)
            let indices = memory.operand(1, as: Int64.self)
            for position in 0..<count {
                let index = Int(indices[position])
                guard index >= 0, index < counted.elementCount else {
                    throw OperatorFault("index \(index) lies outside the result of \(counted)")
                }
                var place = 0
                for axis in from.indices { place += index / from[axis] % counted[axis] * to[axis] }
                guard place < result.elementCount else {
                    throw OperatorFault("index \(index) lies outside the result of \(result)")
                }
                (memory.result + place * size).copyMemory(from: memory.operand(0) + position * size, byteCount: size)
            }
        }
    }
}
