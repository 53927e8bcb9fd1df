import PicketTensor

/// ONNX Compress (opsets 9, 11): the entries of an axis, or of all elements in a row, where a condition holds. The condition
/// must be known before a run, since the result's shape hinges on it.
package struct Compress: MovementOperator {
    package static let signature = OperatorSignature("Compress", opsets: 9...21, inputs: 2...2, attributes: ["axis"])

    private let axis: Int?

    /// Shape rules look at the elements again and again.
    private static let maximumElements = 1 << 22

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis")
    }

    /// The entries that are kept, and where they lie.
    private struct Kept {
        var outer: Int
        var extent: Int
        var inner: Int
        var entries: [Int]
        var result: [Int]
        var axis: Int?
    }

    private func kept(_ operands: [OperandFact?]) throws(OperatorFault) -> Kept {
        let (data, condition) = (try operands.required(0), try operands.required(1))
        guard condition.elementType == .bool, condition.shape.rank == 1 else {
            throw OperatorFault("condition is \(condition.elementType) \(condition.shape), expected bool of one axis")
        }
        let constant = try condition.known("condition")
        guard constant.shape.elementCount <= Self.maximumElements else {
            throw OperatorFault(
                "condition has \(constant.shape.elementCount) elements, expected at most \(Self.maximumElements)"
            )
        }
        let axis = try axis.map { axis throws(OperatorFault) in try normalised(axis: axis, rank: data.shape.rank) }
        let dimensions = data.shape.dimensions
        let extent = axis.map { dimensions[$0] } ?? data.shape.elementCount
        let entries = constant.tensor().elements(of: UInt8.self).enumerated().filter { $0.element != 0 }.map(\.offset)
        if let last = entries.last, last >= extent {
            throw OperatorFault("condition keeps entry \(last), but there are \(extent)")
        }
        guard let axis else {
            return Kept(outer: 1, extent: extent, inner: 1, entries: entries, result: [entries.count])
        }
        var result = dimensions
        result[axis] = entries.count
        return Kept(
            outer: dimensions[..<axis].reduce(1, *),
            extent: extent,
            inner: dimensions[(axis + 1)...].reduce(1, *),
            entries: entries,
            result: result,
            axis: axis
        )
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [try .checked(operands.required(0).elementType, kept(operands).result)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        guard let axis = try kept(context.operands).axis else {
            throw OperatorFault("mixes rows: keeps elements of all of them in a row")
        }
        return [try context.along([axis])]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let kept = try kept(operands)
        let size = results[0].elementType.byteCount
        let block = kept.inner * size
        return Movement(cost: Double(results[0].shape.elementCount * size) * Cost.copiedByte) { memory, _ in
            let from = memory.operand(0)
            var target = memory.result
            for index in 0..<kept.outer {
                for entry in kept.entries {
                    target.copyMemory(from: from + (index * kept.extent + entry) * block, byteCount: block)
                    target += block
                }
            }
        }
    }
}
