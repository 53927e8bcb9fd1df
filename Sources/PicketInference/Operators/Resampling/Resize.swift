import PicketTensor

/// ONNX Resize (opsets 10, 11, 13, 18, 19): nearest, linear and cubic, every coordinate mode.
///
/// Coordinates are computed in single precision as onnxruntime has them, so that ties fall alike; a result of integers is
/// cut towards zero, as in the specification's reference.
package struct Resize: MovementOperator {
    package static let signature = OperatorSignature(
        "Resize",
        opsets: 10...21,
        inputs: 1...4,
        attributes: [
            "antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
            "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode",
        ]
    )

    /// The extents. Not the scales, which say more than the extents that follow.
    package var shapeOperands: Set<Int> { [3] }

    private enum AspectRatio: String {
        case stretch
        case notLarger = "not_larger"
        case notSmaller = "not_smaller"
    }

    private let resampling: Resampling
    private let transformation: ResizeAxis.Transformation
    private let axes: [Int]?
    private let aspectRatio: AspectRatio
    private let opset: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        opset = node.opset
        let newer = Self.signature.attributes.subtracting(["mode"])
        guard node.opset >= 11 || node.attributes.names.isDisjoint(with: newer),
            node.opset >= 18
                || node.attributes.names.isDisjoint(with: ["antialias", "axes", "keep_aspect_ratio_policy"])
        else {
            throw OperatorFault("attributes \(node.attributes.names.sorted()) are newer than opset \(node.opset)")
        }
        let mode = try Self.choice(node, "mode", Resampling.Mode.nearest)
        guard mode != .cubic || node.opset >= 11 else { throw OperatorFault("mode cubic in opset 10") }
        var resampling = Resampling(mode: mode)
        resampling.rounding = node.opset < 11 ? .simple : try Self.choice(node, "nearest_mode", .preferFloor)
        guard resampling.rounding != .simple || node.opset < 11 else {
            throw OperatorFault("attribute nearest_mode is \"simple\"")
        }
        resampling.cubicCoefficient = Double(try node.attributes.float("cubic_coeff_a") ?? -0.75)
        resampling.excludesOutside = try node.attributes.flag("exclude_outside", default: false)
        resampling.smooths = try node.attributes.flag("antialias", default: false)
        resampling.outsideValue = try node.attributes.float("extrapolation_value") ?? 0
        self.resampling = resampling
        let standard = node.opset < 11 ? ResizeAxis.Transformation.asymmetric : .halfPixel
        transformation = try Self.choice(node, "coordinate_transformation_mode", standard)
        guard transformation.exists(in: node.opset) else {
            throw OperatorFault("coordinate_transformation_mode \(transformation.rawValue) in opset \(node.opset)")
        }
        axes = try node.attributes.ints("axes")
        aspectRatio = try Self.choice(node, "keep_aspect_ratio_policy", AspectRatio.stretch)
    }

    private static func choice<Choice: RawRepresentable<String>>(
        _ node: NodeDescription,
        _ name: String,
        _ standard: Choice
    ) throws(OperatorFault) -> Choice {
        guard let value = try node.attributes.string(name) else { return standard }
        guard let choice = Choice(rawValue: value) else { throw OperatorFault("attribute \(name) is \"\(value)\"") }
        return choice
    }

    /// The operand's axes, resized or not.
    private func resized(_ operands: [OperandFact?]) throws(OperatorFault) -> [ResizeAxis] {
        let shape = try operands.required(0).shape
        var worked = Array(shape.dimensions.indices)
        if let axes {
            worked = try axes.map { axis throws(OperatorFault) in try normalised(axis: axis, rank: shape.rank) }
            guard Set(worked).count == worked.count else { throw OperatorFault("axes \(axes) name an axis twice") }
        }
        var result = shape.dimensions.map {
            ResizeAxis(input: $0, output: $0, scale: 1, transformation: .asymmetric)
        }
        let scales = try list(operands, opset < 11 ? 1 : 2) { operand throws(OperatorFault) in
            try operand.floats("scales")
        }
        let sizes = try list(operands, 3) { operand throws(OperatorFault) in try operand.integers("sizes") }
        guard (scales == nil) != (sizes == nil) else {
            throw OperatorFault("both of scales and sizes, or neither, are given")
        }
        guard scales?.count ?? sizes?.count == worked.count else {
            throw OperatorFault(
                "scales or sizes have \(scales?.count ?? sizes?.count ?? 0) values, expected \(worked.count)"
            )
        }
        for (index, axis) in worked.enumerated() {
            if let scales {
                result[axis] = try ResizeAxis(shape[axis], scale: scales[index], transformation)
            } else if let sizes {
                result[axis] = try sized(shape[axis], sizes[index])
            }
        }
        if let sizes { keepAspectRatio(&result, worked, sizes) }
        if transformation == .cropAndResize {
            let region = try list(operands, 1) { operand throws(OperatorFault) in try operand.floats("roi") } ?? []
            guard region.count == 2 * worked.count else {
                throw OperatorFault("roi has \(region.count) values, expected \(2 * worked.count)")
            }
            for (index, axis) in worked.enumerated() {
                result[axis].region = (region[index], region[index + worked.count])
            }
        }
        return result
    }

    /// An operand that may be left out, or empty, which means the same.
    private func list<Element>(
        _ operands: [OperandFact?],
        _ index: Int,
        _ read: (OperandFact) throws(OperatorFault) -> [Element]
    ) throws(OperatorFault) -> [Element]? {
        guard let operand = operands.optional(index), operand.shape.elementCount > 0 || operand.shape.rank != 1 else {
            return nil
        }
        return try read(operand)
    }

    private func sized(_ extent: Int, _ size: Int) throws(OperatorFault) -> ResizeAxis {
        let limit = ResizeAxis.maximumExtent
        guard size >= 0, size <= limit, extent <= limit, extent > 0 || size == 0 else {
            throw OperatorFault("size \(size) of an axis of \(extent)")
        }
        let scale = extent == 0 ? 1 : Float(size) / Float(extent)
        return ResizeAxis(input: extent, output: size, scale: scale, transformation: transformation)
    }

    /// One scale for all axes: the smallest or the largest.
    private func keepAspectRatio(_ axes: inout [ResizeAxis], _ worked: [Int], _ sizes: [Int]) {
        guard aspectRatio != .stretch, worked.allSatisfy({ axes[$0].input > 0 }) else { return }
        let ratios = zip(worked, sizes).map { Double($1) / Double(axes[$0].input) }
        guard let scale = aspectRatio == .notLarger ? ratios.min() : ratios.max() else { return }
        for axis in worked {
            // Both factors lie far below 2^30.
            axes[axis].output = Int((scale * Double(axes[axis].input) + 0.5).rounded(.down))
            axes[axis].scale = Float(scale)
        }
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        guard operand.elementType != .bool || resampling.mode == .nearest else {
            throw OperatorFault("X is bool, expected numbers")
        }
        let axes = try resized(operands)
        for axis in axes where max(axis.input, axis.output) > ResizeAxis.maximumExtent {
            throw OperatorFault("an axis of \(axis.input) becomes one of \(axis.output), which is too long")
        }
        return [try .checked(operand.elementType, axes.map(\.output))]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let worked = try resized(context.operands).enumerated().filter { !resampling.isIdentity($0.element) }
        return [try context.along(worked.map(\.offset))]
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        try resampling.movement(operands.required(0), resized(operands), results[0])
    }
}
