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
        let job = Job(
            source: data,
            pads: pads,
            strides: data.shape.strides,
            extents: result.shape.dimensions,
            size: size,
            fill: fill
        )
        var target = 0
        write(job, axis: 0, from: 0, to: result.bytes, at: &target)
    }

    private struct Job {
        var source: OperandView
        var pads: [(begin: Int, end: Int)]
        var strides: [Int]
        var extents: [Int]
        var size: Int
        var fill: [UInt8]
    }

    /// Writes everything behind `axis` in order; `offset` is the source's position so far, nil outside of it.
    private func write(
        _ job: Job,
        axis: Int,
        from offset: Int?,
        to result: UnsafeMutableRawBufferPointer,
        at target: inout Int
    ) {
        guard axis < job.extents.count else {
            let bytes = UnsafeMutableRawBufferPointer(rebasing: result[target..<target + job.size])
            if let offset {
                bytes.copyBytes(from: job.source.bytes[offset * job.size..<(offset + 1) * job.size])
            } else {
                bytes.copyBytes(from: job.fill)
            }
            target += job.size
            return
        }
        let extent = job.source.shape[axis]
        var index = 0
        while index < job.extents[axis] {
            let inside = index - job.pads[axis].begin
            // What the innermost axis has inside the source is one run.
            if let offset, axis == job.extents.count - 1, inside >= 0, inside < extent {
                let count = min(extent - inside, job.extents[axis] - index)
                let begin = (offset + inside) * job.size
                UnsafeMutableRawBufferPointer(rebasing: result[target..<target + count * job.size])
                    .copyBytes(from: job.source.bytes[begin..<begin + count * job.size])
                target += count * job.size
                index += count
                continue
            }
            let next = offset.flatMap { offset in
                source(inside, extent).map { offset + $0 * job.strides[axis] }
            }
            write(job, axis: axis + 1, from: next, to: result, at: &target)
            index += 1
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
