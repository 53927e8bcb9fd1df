import PicketTensor

/// ONNX GatherElements (opsets 11, 13): for each index the element at its own place, but for one axis.
package struct GatherElements: MovementOperator {
    package static let signature = OperatorSignature(
        "GatherElements",
        opsets: 11...21,
        inputs: 2...2,
        attributes: ["axis"]
    )

    private let axis: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? 0
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (data, indices) = (try operands.required(0), try operands.required(1))
        _ = try ElementSelection(data, indices, axis: axis)
        return [ConcreteFact(data.elementType, indices.shape)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.elementwise(except: axis)
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let selection = try ElementSelection(operands.required(0), operands.required(1), axis: axis)
        let size = results[0].elementType.byteCount
        let count = selection.count
        let each = max(1, count / 64)
        return Movement(units: max((count + each - 1) / each, 1), cost: Double(count) * 3 * Cost.element) {
            (memory, units) throws(OperatorFault) in
            let (from, to) = (memory.operand(0), memory.result)
            let range = units.lowerBound * each..<min(units.upperBound * each, count)
            try selection.forEach(memory.operand(1), range) { position, offset in
                (to + position * size).copyMemory(from: from + offset * size, byteCount: size)
            }
        }
    }
}

extension RowContext {
    /// The rule of operators whose operands all have the rank of the result, and that keep every element's place but on one
    /// axis.
    func elementwise(except given: Int) throws(OperatorFault) -> [Int?] {
        let worked = try normalised(axis: given, rank: operands.required(0).shape.rank)
        guard let rows = axes[0], rows != worked, axes.allSatisfy({ $0 == rows }) else {
            throw OperatorFault(
                "mixes rows: inputs carry them on axes \(axes.map { $0.map(String.init) ?? "none" })"
            )
        }
        return [rows]
    }
}
