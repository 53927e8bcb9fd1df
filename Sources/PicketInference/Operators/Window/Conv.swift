package import PicketTensor

/// ONNX Conv (opsets 1, 11): convolution over one to three spatial axes of [N, C, …] with weights [M, C / group, …] and a
/// bias of [M].
///
/// Passes may add a residual and an activation: result = activation(convolution + bias + residual).
package struct Conv: Operator, FusingOperator {
    package static let signature = OperatorSignature(
        "Conv",
        inputs: 2...4,
        attributes: ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"]
    )

    package static let residualPosition = 3

    let window: Window
    let groups: Int
    package private(set) var activation = Activation.none
    package private(set) var addsResidual = false

    package init(_ node: NodeDescription) throws(OperatorFault) {
        guard node.inputs.count <= 3 else { throw OperatorFault("\(node.inputs.count) inputs, expected at most 3") }
        window = try Window(node.attributes)
        groups = try node.attributes.int("group") ?? 1
        guard groups >= 1 else { throw OperatorFault("attribute group is \(groups), expected 1 or more") }
    }

    package func fusing(_ activation: Activation) -> Conv {
        var copy = self
        copy.activation = activation
        return copy
    }

    package func addingResidual() -> Conv {
        var copy = self
        copy.addsResidual = true
        return copy
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let type = try operands.required(0).elementType
        guard type.isFloatingPoint else { throw OperatorFault("X is \(type), expected a float type") }
        for (index, operand) in operands.enumerated() {
            guard let operand, operand.elementType != type else { continue }
            throw OperatorFault("input \(index) is \(operand.elementType), expected \(type)")
        }
        let (input, weights) = (try operands.required(0).shape, try operands.required(1).shape)
        let geometry = try geometry(input, weights)
        let channels = weights[0]
        if let bias = operands.optional(2) {
            guard bias.shape.dimensions == [channels] else {
                throw OperatorFault("B has shape \(bias.shape), expected [\(channels)]")
            }
        }
        let result = try ConcreteFact.checked(type, [input[0], channels] + geometry.output)
        if addsResidual {
            let residual = try operands.required(3)
            guard residual.fact == result else {
                throw OperatorFault("the residual has shape \(residual.shape), expected \(result.shape)")
            }
        }
        return [result]
    }

    func geometry(_ input: Shape, _ weights: Shape) throws(OperatorFault) -> Window.Geometry {
        guard input.rank >= 3, weights.rank == input.rank else {
            throw OperatorFault("X has shape \(input) and W \(weights), expected equal ranks of 3 to 5")
        }
        let (perGroup, overflow) = weights[1].multipliedReportingOverflow(by: groups)
        guard !overflow, perGroup == input[1], input[1] > 0, weights[0] > 0, weights[0].isMultiple(of: groups) else {
            throw OperatorFault("X has \(input[1]) channels and W shape \(weights), which do not fit group \(groups)")
        }
        return try window.geometry(
            over: Array(input.dimensions.dropFirst(2)),
            channels: input[1],
            kernel: Array(weights.dimensions.dropFirst(2)),
            ranks: 1...3
        )
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        try context.onlyOperands([0, Self.residualPosition], carryRows: 0)
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        let facts = operands.map { $0.map { OperandFact(ConcreteFact($0.elementType, $0.shape)) } }
        guard hasKernel(facts) else {
            return try results[0].elementType.visit(volume(facts)).results(of: operands, results)
        }
        let input = try operands.required(0)
        let weights = try operands.required(1)
        let geometry = try geometry(input.shape, weights.shape).planar
        let x = input.elements(of: Float.self)
        let w = weights.elements(of: Float.self)
        let bias = operands.optional(2)?.elements(of: Float.self)
        let residual = addsResidual ? try operands.required(3).elements(of: Float.self) : nil
        let (channels, outputs) = (weights.shape[1], weights.shape[0])
        let (kh, kw, ih, iw) = (geometry.kernel[0], geometry.kernel[1], geometry.input[0], geometry.input[1])
        let (oh, ow) = (geometry.output[0], geometry.output[1])
        var y = [Float]()
        y.reserveCapacity(results[0].shape.elementCount)
        for image in 0..<input.shape[0] {
            for output in 0..<outputs {
                let first = output / (outputs / groups) * channels
                for (row, column) in product(oh, ow) {
                    var sum: Double = 0
                    for channel in 0..<channels {
                        for (i, j) in product(kh, kw) {
                            let r = row * geometry.strides[0] + i * geometry.dilations[0] - geometry.begins[0]
                            let c = column * geometry.strides[1] + j * geometry.dilations[1] - geometry.begins[1]
                            guard r >= 0, r < ih, c >= 0, c < iw else { continue }
                            let a = x[((image * input.shape[1] + first + channel) * ih + r) * iw + c]
                            sum += Double(a) * Double(w[((output * channels + channel) * kh + i) * kw + j])
                        }
                    }
                    sum += Double(bias?[output] ?? 0) + Double(residual?[y.count] ?? 0)
                    y.append(activation(Float(sum)))
                }
            }
        }
        return [Tensor(y, shape: results[0].shape)]
    }
}
