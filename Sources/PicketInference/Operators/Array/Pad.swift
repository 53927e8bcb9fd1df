import PicketTensor

/// ONNX Pad (opsets 2 with attributes; 11, 13, 18, 19, 21 with operands): constant, reflect, edge and wrap; negative
/// pads cut.
package struct Pad: MovementOperator {
    package static let signature = OperatorSignature(
        "Pad",
        inputs: 1...4,
        attributes: ["mode", "pads", "value"]
    )

    private enum Mode: String {
        case constant
        case reflect
        case edge
        case wrap
    }

    private let mode: Mode
    private let attributePads: [Int]?
    private let attributeValue: Float
    private let takesOperands: Bool

    package init(_ node: NodeDescription) throws(OperatorFault) {
        takesOperands = node.opset >= 11
        let name = try node.attributes.string("mode") ?? "constant"
        guard let mode = Mode(rawValue: name), mode != .wrap || node.opset >= 19 else {
            throw OperatorFault("attribute mode is \"\(name)\", which opset \(node.opset) does not have")
        }
        self.mode = mode
        attributePads = try node.attributes.ints("pads")
        attributeValue = try node.attributes.float("value") ?? 0
        guard
            takesOperands
                ? attributePads == nil && node.inputs.count > 1 : attributePads != nil && node.inputs.count == 1
        else { throw OperatorFault("pads are an \(takesOperands ? "input" : "attribute") in opset \(node.opset)") }
    }

    /// Elements before and behind each axis.
    private func pads(_ operands: [OperandFact?]) throws(OperatorFault) -> [(begin: Int, end: Int)] {
        let rank = try operands.required(0).shape.rank
        let values: [Int]
        if let attributePads {
            values = attributePads
        } else {
            values = try operands.required(1).integers("pads")
        }
        var axes = Array(0..<rank)
        if let operand = operands.optional(3) {
            // In the order given, which is that of the pads.
            axes = try operand.integers("axes").map { axis throws(OperatorFault) in
                try normalised(axis: axis, rank: rank)
            }
            guard Set(axes).count == axes.count else { throw OperatorFault("axes \(axes) name an axis twice") }
        }
        guard values.count == 2 * axes.count else {
            throw OperatorFault("pads \(values) has \(values.count) values, expected \(2 * axes.count)")
        }
        for value in values where value.magnitude > 1 << 40 {
            throw OperatorFault("pads \(values) are too large")
        }
        var result = [(begin: Int, end: Int)](repeating: (0, 0), count: rank)
        for (index, axis) in axes.enumerated() { result[axis] = (values[index], values[index + axes.count]) }
        return result
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let data = try operands.required(0)
        if let value = operands.optional(2) {
            guard value.elementType == data.elementType, value.shape.elementCount == 1 else {
                throw OperatorFault(
                    "constant_value is \(value.elementType) \(value.shape), expected one \(data.elementType)"
                )
            }
        } else if !takesOperands, !data.elementType.isFloatingPoint {
            throw OperatorFault("data is \(data.elementType), expected a float type before opset 11")
        }
        var dimensions: [Int] = []
        for (axis, pad) in try pads(operands).enumerated() {
            let extent = data.shape[axis]
            let padded = extent + pad.begin + pad.end
            guard max(padded, extent) <= Int(Int32.max) else {
                throw OperatorFault("pads axis \(axis) of \(extent) to \(padded), expected at most \(Int32.max)")
            }
            guard padded >= 0 else { throw OperatorFault("pads cut \(-padded) elements too many from axis \(axis)") }
            let furthest = max(pad.begin, pad.end)
            // What is cut away is not repeated either.
            let left = extent + min(pad.begin, 0) + min(pad.end, 0)
            switch mode {
            case .reflect where furthest > 0 && furthest >= left:
                throw OperatorFault("reflects \(furthest) elements of axis \(axis), which has \(left)")
            case .edge where furthest > 0 && left <= 0, .wrap where furthest > 0 && left <= 0:
                throw OperatorFault("axis \(axis) has no elements to repeat")
            default: dimensions.append(padded)
            }
        }
        return [try .checked(data.elementType, dimensions)]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let padded = try pads(context.operands).enumerated().filter { $0.element != (0, 0) }.map(\.offset)
        return [try context.along(padded)]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        let data = try operands.required(0)
        let pads = try pads(operands)
        let size = data.elementType.byteCount
        let bytes = results[0].shape.elementCount * size
        // Tables are made for results only that have elements.
        guard bytes > 0 else { return Movement(cost: 0) { _, _ in } }
        let maps = pads.indices.map { axis in
            let cut = max(-pads[axis].begin, 0)
            let left = data.shape[axis] - cut - max(-pads[axis].end, 0)
            return (0..<results[0].shape[axis]).map { place in
                source(place - max(pads[axis].begin, 0), left).map { Int32($0 + cut) } ?? MappedCopy.outside
            }
        }
        let shape = data.shape.dimensions
        var fill = [UInt8](repeating: 0, count: size)
        if !takesOperands { fill = try data.elementType.visit(BytesOf(number: Double(attributeValue))) }
        guard let value = operands.optional(2), mode == .constant else {
            return MappedCopy(maps: maps, shape: shape, elementBytes: size, fill: fill).movement(bytes: bytes)
        }
        if let constant = value.constant { fill = constant.withUnsafeBytes { Array($0) } }
        let copy = MappedCopy(maps: maps, shape: shape, elementBytes: size, fill: fill)
        guard value.constant == nil else { return copy.movement(bytes: bytes) }
        return Movement(cost: Double(bytes) * Cost.copiedByte) { memory, _ in
            copy.run(from: memory.operand(0), to: memory.result, lines: 0..<copy.lines, fill: memory.operand(2))
        }
    }

    private func source(_ index: Int, _ extent: Int) -> Int? {
        if index >= 0, index < extent { return index }
        switch mode {
        case .constant: return nil
        case .edge: return index < 0 ? 0 : extent - 1
        case .reflect: return index < 0 ? -index : 2 * (extent - 1) - index
        case .wrap: return ((index % extent) + extent) % extent
        }
    }
}
