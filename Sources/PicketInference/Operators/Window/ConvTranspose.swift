import PicketTensor

/// ONNX ConvTranspose (opsets 1, 11): the gradient of a convolution of one to three spatial axes by its input, used as an
/// operator: [N, C, …] with weights [C, M / group, …] and a bias of [M].
///
/// float32 goes through the matrix kernel, a block of pixels at a time; other floats are summed in float32 or float64.
package struct ConvTranspose: MovementOperator {
    package static let signature = OperatorSignature(
        "ConvTranspose",
        inputs: 2...3,
        attributes: [
            "auto_pad", "dilations", "group", "kernel_shape", "output_padding", "output_shape", "pads", "strides",
        ]
    )

    private let attributes: NodeAttributes
    private let groups: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        attributes = node.attributes
        groups = try node.attributes.int("group") ?? 1
        guard groups >= 1 else { throw OperatorFault("attribute group is \(groups), expected 1 or more") }
    }

    /// Everything that the sums need to know.
    struct Geometry: Sendable {
        var window: TransposedWindow
        var images: Int
        var groups: Int
        /// Channels of one group.
        var inputs: Int
        var outputs: Int
        var hasBias: Bool
    }

    func geometry(_ operands: [OperandFact?]) throws(OperatorFault) -> Geometry {
        let (x, w) = (try operands.required(0).shape, try operands.required(1).shape)
        guard x.rank >= 3, w.rank == x.rank else {
            throw OperatorFault("X has shape \(x) and W \(w), expected equal ranks of 3 to 5")
        }
        guard w[0] == x[1], x[1] > 0, w[1] > 0, x[1].isMultiple(of: groups) else {
            throw OperatorFault("X has \(x[1]) channels and W shape \(w), which do not fit group \(groups)")
        }
        return Geometry(
            window: try TransposedWindow(
                attributes,
                input: Array(x.dimensions.dropFirst(2)),
                kernel: Array(w.dimensions.dropFirst(2))
            ),
            images: x[0],
            groups: groups,
            inputs: x[1] / groups,
            outputs: w[1],
            hasBias: operands.optional(2) != nil
        )
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let type = try operands.required(0).elementType
        guard type.isFloatingPoint else { throw OperatorFault("X is \(type), expected a float type") }
        for (index, operand) in operands.enumerated() {
            guard let operand, operand.elementType != type else { continue }
            throw OperatorFault("input \(index) is \(operand.elementType), expected \(type)")
        }
        let geometry = try geometry(operands)
        let (channels, overflow) = geometry.outputs.multipliedReportingOverflow(by: groups)
        if let bias = operands.optional(2), bias.shape.dimensions != [channels] {
            throw OperatorFault("B has shape \(bias.shape), expected [\(channels)]")
        }
        let window = geometry.window
        return [
            try .checked(type, [geometry.images, overflow ? .max : channels] + window.output.suffix(window.rank))
        ]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.onlyOperands([0], carryRows: 0)
    }

    package func movement(_ operands: [OperandFact?], _ results: [ConcreteFact]) throws(OperatorFault) -> Movement {
        try results[0].elementType.visit(Direct(geometry: geometry(operands)))
    }

    /// One plane of the result after the other, in double precision.
    private struct Direct: FormatVisitor {
        var geometry: Geometry

        func visit<Format: NumberFormat>(_ format: Format.Type) throws(OperatorFault) -> Movement {
            let g = geometry
            let (window, taps) = (g.window, g.window.taps)
            let (inPlane, outPlane) = (window.inputPlane, window.outputPlane)
            let planes = g.images * g.groups * g.outputs
            return Movement(
                units: max(planes, 1),
                cost: Double(planes) * Double(inPlane) * Double(taps) * Double(g.inputs) * 5 * Cost.element,
                scratchBytes: outPlane * MemoryLayout<Double>.size
            ) { memory, units in
                let sums = memory.scratch.assumingMemoryBound(to: Double.self)
                for plane in units.clamped(to: 0..<planes) {
                    let (image, channel) = (plane / (g.groups * g.outputs), plane % (g.groups * g.outputs))
                    let (group, output) = (channel / g.outputs, channel % g.outputs)
                    let bias =
                        g.hasBias ? Format.double(Format.load(memory.operand(2, as: Format.Stored.self)[channel])) : 0
                    sums.update(repeating: bias, count: outPlane)
                    for input in 0..<g.inputs {
                        let source = group * g.inputs + input
                        let x =
                            memory.operand(0, as: Format.Stored.self)
                            + (image * g.groups * g.inputs + source) * inPlane
                        let w = memory.operand(1, as: Format.Stored.self) + (source * g.outputs + output) * taps
                        window.scatter(0..<inPlane, into: sums) { position, tap in
                            Format.double(Format.load(x[position])) * Format.double(Format.load(w[tap]))
                        } _: {
                            $0 + $1
                        }
                    }
                    let result = memory.result(as: Format.Stored.self) + plane * outPlane
                    for index in 0..<outPlane { result[index] = Format.store(Format.number(sums[index])) }
                }
            }
        }
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        guard node.results.first?.elementType == .float32 else {
            return try builder.move(try movement(node.operands, infer(node.operands)), node)
        }
        try builder.transposedConvolution(geometry(node.operands), node)
    }
}
