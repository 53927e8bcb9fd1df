import PicketTensor

/// ONNX Pad (opsets 2 with attributes; 11, 13, 18, 19, 21 with operands): constant, reflect, edge and wrap; negative
/// pads cut.
package struct Pad: ComputeOperator {
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
        } else if !takesOperands {
            _ = try data.float32("data")
        }
        var dimensions: [Int] = []
        for (axis, pad) in try pads(operands).enumerated() {
            let extent = data.shape[axis]
            let padded = extent + pad.begin + pad.end
            guard padded >= 0 else { throw OperatorFault("pads cut \(-padded) elements too many from axis \(axis)") }
            let furthest = max(pad.begin, pad.end)
            switch mode {
            case .reflect where furthest > 0 && furthest >= extent:
                throw OperatorFault("reflects \(furthest) elements of axis \(axis), which has \(extent)")
            case .edge where furthest > 0 && extent == 0, .wrap where furthest > 0 && extent == 0:
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

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let facts = operands.map {
            $0.map { OperandFact(ConcreteFact($0.fact.elementType, $0.shape), constant: $0.copied()) }
        }
        let pads = try pads(facts)
        let data = try operands.required(0)
        let size = data.fact.elementType.byteCount
        let fill: [UInt8]
        if let value = operands.optional(2) {
            fill = Array(value.bytes)
        } else if !takesOperands, data.fact.elementType == .float32 {
            fill = withUnsafeBytes(of: attributeValue) { Array($0) }
        } else {
            fill = [UInt8](repeating: 0, count: size)
        }
        // Where each index of each axis comes from; nil for the constant.
        let sources = pads.enumerated().map { axis, pad in
            (0..<result.shape[axis]).map { source($0 - pad.begin, data.shape[axis]) }
        }
        let strides = data.shape.strides
        var target = 0
        fillAxis(0, from: 0) { (offset: Int?) in
            let bytes = UnsafeMutableRawBufferPointer(rebasing: result.bytes[target..<target + size])
            if let offset {
                bytes.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: data.bytes[offset * size..<(offset + 1) * size])
                )
            } else {
                bytes.copyBytes(from: fill)
            }
            target += size
        }

        /// Visits the result's elements in order; `offset` is the source's position so far, nil outside of it.
        func fillAxis(_ axis: Int, from offset: Int?, _ write: (Int?) -> Void) {
            guard axis < sources.count else { return write(offset) }
            for source in sources[axis] {
                let next = source.flatMap { source in offset.map { $0 + source * strides[axis] } }
                fillAxis(axis + 1, from: next, write)
            }
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
