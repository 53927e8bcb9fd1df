import PicketTensor

/// ONNX Split (opsets 2, 11 with attribute split; 13, 18 with operand split, 18 with num_outputs): an axis cut into parts.
package struct Split: MovementOperator {
    package static let signature = OperatorSignature(
        "Split",
        inputs: 1...2,
        outputs: 1...Int.max,
        attributes: ["axis", "num_outputs", "split"]
    )

    private let axis: Int
    private let attributeSizes: [Int]?
    private let outputs: Int
    /// Whether the last of equal parts may be smaller.
    private let allowsRest: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? 0
        attributeSizes = try node.attributes.ints("split")
        let isOperand = node.inputs.count > 1 && node.inputs[1]
        guard node.opset >= 13 ? attributeSizes == nil : !isOperand else {
            throw OperatorFault("split is an \(node.opset >= 13 ? "input" : "attribute") in opset \(node.opset)")
        }
        allowsRest = node.opset >= 18
        let number = try node.attributes.int("num_outputs")
        guard number == nil || node.opset >= 18 && !isOperand else {
            throw OperatorFault("attribute num_outputs stands beside split, or before opset 18")
        }
        guard number != nil || isOperand || node.opset < 18 else {
            throw OperatorFault("neither split nor num_outputs is given")
        }
        outputs = max(node.outputs.count, 1)
        guard number == nil || number == outputs else {
            throw OperatorFault("attribute num_outputs is \(number ?? 0), but the node has \(outputs) outputs")
        }
    }

    func sizes(_ operands: [OperandFact?]) throws(OperatorFault) -> (axis: Int, sizes: [Int]) {
        let shape = try operands.required(0).shape
        let axis = try normalised(axis: axis, rank: shape.rank)
        let extent = shape[axis]
        var given = attributeSizes
        if let operand = operands.optional(1) { given = try operand.integers("split") }
        guard let given else {
            guard allowsRest || extent.isMultiple(of: outputs) else {
                throw OperatorFault("axis \(axis) of \(shape) does not divide into \(outputs) equal parts")
            }
            let part = (extent + outputs - 1) / outputs
            let rest = extent - part * (outputs - 1)
            guard rest >= 0 else { throw OperatorFault("axis \(axis) of \(shape) has fewer elements than parts") }
            return (axis, [Int](repeating: part, count: outputs - 1) + [rest])
        }
        var sum = 0
        for size in given {
            guard size >= 0, size <= extent - sum else {
                throw OperatorFault("split \(given) does not add up to \(extent), which axis \(axis) has")
            }
            sum += size
        }
        guard sum == extent, given.count >= outputs else {
            throw OperatorFault("split \(given) does not cut \(extent) elements into \(outputs) outputs")
        }
        return (axis, given)
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let data = try operands.required(0)
        let (axis, sizes) = try sizes(operands)
        return try sizes.map { size throws(OperatorFault) in
            var extents = data.shape.dimensions
            extents[axis] = size
            return try .checked(data.elementType, extents)
        }
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let worked = try normalised(axis: axis, rank: context.operands.required(0).shape.rank)
        return [Int?](repeating: try context.along([worked]), count: outputs)
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        let (axis, sizes) = try sizes(operands)
        let strides = data.shape.strides
        var parts: [(copy: StridedCopy, operand: Int, result: Int)] = []
        var begin = 0
        for (index, size) in sizes.enumerated() {
            let copy = StridedCopy(
                extents: results[index].shape.dimensions,
                strides: strides,
                offset: begin * strides[axis]
            )
            parts.append((copy, 0, index))
            begin += size
        }
        let size = data.elementType.byteCount
        return .copies(parts, elementBytes: size, bytes: data.shape.elementCount * size)
    }
}
