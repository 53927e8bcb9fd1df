import PicketTensor

/// ONNX Upsample (opset 7 with attribute scales, 9 with operand scales; Resize from 10 on): nearest or linear.
package struct Upsample: MovementOperator {
    package static let signature = OperatorSignature(
        "Upsample",
        opsets: 7...9,
        inputs: 1...2,
        attributes: ["mode", "scales"]
    )

    private let resampling: Resampling
    private let scales: [Float]?

    package init(_ node: NodeDescription) throws(OperatorFault) {
        let name = try node.attributes.string("mode") ?? "nearest"
        guard let mode = Resampling.Mode(rawValue: name), mode != .cubic else {
            throw OperatorFault("attribute mode is \"\(name)\", expected nearest or linear")
        }
        resampling = Resampling(mode: mode, rounding: .simple)
        switch node.attributes["scales"] {
        case .floats(let floats)?: scales = floats
        case nil: scales = nil
        case let other?: throw OperatorFault("attribute scales is of kind \(other.kind), expected FLOATS")
        }
        guard (scales != nil) == (node.opset < 9), (node.inputs.count > 1) == (node.opset >= 9) else {
            throw OperatorFault("scales are an \(node.opset >= 9 ? "input" : "attribute") in opset \(node.opset)")
        }
    }

    private func axes(_ operands: [OperandFact?]) throws(OperatorFault) -> [ResizeAxis] {
        let shape = try operands.required(0).shape
        var given = scales
        if let operand = operands.optional(1) { given = try operand.floats("scales") }
        let scales = given ?? []
        guard scales.count == shape.rank else {
            throw OperatorFault("scales has \(scales.count) values, expected \(shape.rank)")
        }
        var axes: [ResizeAxis] = []
        for (extent, scale) in zip(shape.dimensions, scales) {
            axes.append(try ResizeAxis(extent, scale: scale, .asymmetric))
        }
        return axes
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        [try .checked(operands.required(0).elementType, axes(operands).map(\.output))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let worked = try axes(context.operands).enumerated().filter { !resampling.isIdentity($0.element) }
        return [try context.along(worked.map(\.offset))]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        try resampling.movement(operands.required(0), axes(operands), results[0])
    }
}

extension ResizeAxis {
    /// An axis that becomes so many times as long.
    init(_ extent: Int, scale: Float, _ transformation: Transformation) throws(OperatorFault) {
        guard scale > 0, scale.isFinite, Float(extent) * scale < 0x1p40 else {
            throw OperatorFault("scale \(scale) of an axis of \(extent), expected a positive number")
        }
        let output = Int(Float(extent) * scale)
        guard max(extent, output) <= Self.maximumExtent else {
            throw OperatorFault("an axis of \(extent) becomes one of \(output), expected at most \(Self.maximumExtent)")
        }
        guard extent > 0 || output == 0 else { throw OperatorFault("an axis without elements does not grow") }
        self.init(input: extent, output: output, scale: scale, transformation: transformation)
    }
}

extension OperandFact {
    /// The numbers of a small operand that a shape rule needs to know, as float32.
    ///
    /// - Throws: where it is not known before a run, no float, or not of rank 1.
    func floats(_ what: String) throws(OperatorFault) -> [Float] {
        guard elementType.isFloatingPoint, shape.rank == 1, shape.elementCount <= 4096 else {
            throw OperatorFault("\(what) is \(elementType) \(shape), expected floats of one axis")
        }
        return try elementType.visit(FloatList(tensor: known(what).tensor()))
    }
}

/// A tensor's numbers as float32.
private struct FloatList: FormatVisitor {
    var tensor: Tensor

    func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> [Float] {
        tensor.withUnsafeBytes { bytes in
            bytes.assumingMemoryBound(to: Format.Stored.self).map { Float(Format.double(Format.load($0))) }
        }
    }
}
