import PicketTensor

/// ONNX NonZero (opsets 9, 13): where the operand's elements are not zero, a column for each. The operand must be known
/// before a run, since the result's shape hinges on it.
package struct NonZero: MovementOperator {
    package static let signature = OperatorSignature("NonZero", opsets: 9...21, inputs: 1...1)

    /// Shape rules look at the elements again and again.
    private static let maximumElements = 1 << 22

    package init(_ node: NodeDescription) throws(OperatorFault) {}

    private func places(_ operands: [OperandFact?]) throws(OperatorFault) -> [Int] {
        let operand = try operands.required(0)
        let constant = try operand.known("X")
        guard constant.shape.elementCount <= Self.maximumElements else {
            throw OperatorFault(
                "X has \(constant.shape.elementCount) elements, expected at most \(Self.maximumElements)"
            )
        }
        guard constant.elementType != .bool else {
            return constant.tensor().elements(of: UInt8.self).enumerated().filter { $0.element != 0 }.map(\.offset)
        }
        return try constant.elementType.visit(Finder(tensor: constant.tensor()))
    }

    private struct Finder: FormatVisitor {
        var tensor: Tensor

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> [Int] {
            tensor.withUnsafeBytes { bytes in
                let elements = bytes.assumingMemoryBound(to: Format.Stored.self)
                return elements.indices.filter { Format.double(Format.load(elements[$0])) != 0 }
            }
        }
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [try .checked(.int64, [operands.required(0).shape.rank, places(operands).count])]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        throw OperatorFault("mixes rows: how many there are hinges on all of them")
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let (places, shape) = (try places(operands), try operands.required(0).shape)
        let strides = shape.strides
        let count = places.count
        return Movement(cost: Double(count) * Cost.element) { memory, _ in
            let result = memory.result(as: Int64.self)
            for (index, place) in places.enumerated() {
                for axis in strides.indices {
                    result[axis * count + index] = Int64(place / strides[axis] % max(shape[axis], 1))
                }
            }
        }
    }
}
