import PicketTensor

/// ONNX ScatterElements (opsets 11, 13, 16, 18): the data with updates in the places that indices name along one axis,
/// in the order of the updates.
package struct ScatterElements: MovementOperator {
    package static let signature = OperatorSignature(
        "ScatterElements",
        opsets: 11...21,
        inputs: 3...3,
        attributes: ["axis", "reduction"]
    )

    private let axis: Int
    private let reduction: ScatterReduction

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? 0
        reduction = try ScatterReduction(node)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let (data, indices) = (try operands.required(0), try operands.required(1))
        _ = try ElementSelection(data, indices, axis: axis)
        let updates = try operands.required(2).fact
        guard updates == ConcreteFact(data.elementType, indices.shape) else {
            throw OperatorFault(
                "updates are \(updates.elementType) \(updates.shape), expected \(data.elementType) \(indices.shape)"
            )
        }
        _ = try movement(operands, [data.fact])
        return [data.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.elementwise(except: axis)
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        let selection = try ElementSelection(data, operands.required(1), axis: axis)
        let range = 0..<selection.count
        return try ScatterWriter(
            reduction: reduction,
            bytes: data.shape.elementCount * data.elementType.byteCount,
            block: 1,
            updates: selection.count
        ) { (indices, visit) throws(OperatorFault) in
            try selection.forEach(indices, range, visit)
        }
        .movement(data.elementType)
    }
}
