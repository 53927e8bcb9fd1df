import PicketTensor

/// ONNX OneHot (opsets 9, 11): a new axis that is `on` where the index says and `off` elsewhere; indices outside it are off
/// everywhere.
package struct OneHot: MovementOperator {
    package static let signature = OperatorSignature("OneHot", opsets: 9...21, inputs: 3...3, attributes: ["axis"])

    private let axis: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? -1
    }

    /// Indices and depth may have any type of number.
    private func depth(_ operands: [OperandFact?]) throws(OperatorFault) -> Int {
        let operand = try operands.required(1)
        guard operand.shape.elementCount == 1 else {
            throw OperatorFault("depth has shape \(operand.shape), expected one number")
        }
        let depth: Double = try operand.elementType.visit(FirstNumber(tensor: operand.known("depth").tensor()))
        guard depth >= 0, depth <= 0x1p40 else { throw OperatorFault("depth is \(depth), expected 0 to 2^40") }
        return Int(depth)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (indices, values) = (try operands.required(0), try operands.required(2))
        guard values.shape.dimensions == [2] else {
            throw OperatorFault("values has shape \(values.shape), expected [2]")
        }
        guard indices.elementType != .bool else { throw OperatorFault("indices are bool, expected numbers") }
        let axis = try normalised(axis: axis, rank: indices.shape.rank + 1)
        var extents = indices.shape.dimensions
        extents.insert(try depth(operands), at: axis)
        return [try .checked(values.elementType, extents)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let rows = try context.along([])
        let axis = try normalised(axis: axis, rank: context.operands.required(0).shape.rank + 1)
        return [rows < axis ? rows : rows + 1]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let indices = try operands.required(0)
        let axis = try normalised(axis: axis, rank: indices.shape.rank + 1)
        let fill = try FilledPlaces(
            depth: depth(operands),
            inner: indices.shape.dimensions[axis...].reduce(1, *),
            count: indices.shape.elementCount,
            size: results[0].elementType.byteCount
        )
        return try indices.elementType.visit(fill)
    }

    /// The first number of a tensor, as a double.
    private struct FirstNumber: FormatVisitor {
        var tensor: Tensor

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Double {
            tensor.withUnsafeBytes { Format.double(Format.load($0.loadUnaligned(as: Format.Stored.self))) }
        }
    }

    private struct FilledPlaces: FormatVisitor {
        var depth: Int
        var inner: Int
        var count: Int
        var size: Int

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
            let (depth, inner, count, size) = (depth, inner, count, size)
            return Movement(cost: Double(count) * Double(depth) * Double(size) * Cost.copiedByte) { memory, _ in
                let values = memory.operand(2)
                let result = memory.result
                for element in 0..<count * depth {
                    (result + element * size).copyMemory(from: values, byteCount: size)
                }
                let indices = memory.operand(0, as: Format.Stored.self)
                for position in 0..<count {
                    let number = Format.double(Format.load(indices[position]))
                    let index = number < 0 ? number + Double(depth) : number
                    // An index that is not whole or lies outside is nowhere.
                    guard index >= 0, index < Double(depth), index == index.rounded(.towardZero) else { continue }
                    let place = (position / inner * depth + Int(index)) * inner + position % inner
                    (result + place * size).copyMemory(from: values + size, byteCount: size)
                }
            }
        }
    }
}
