import PicketTensor

/// ONNX BatchNormalization (opsets 7, 9, 14, 15) at inference:
/// scale · (x - mean) / √(variance + epsilon) + bias, per channel of [N, C, …].
package struct BatchNormalization: ComputeOperator {
    package static let signature = OperatorSignature(
        "BatchNormalization",
        inputs: 5...5,
        outputs: 1...5,
        attributes: ["epsilon", "momentum", "spatial", "training_mode"]
    )

    /// Added to the variance.
    package let epsilon: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        epsilon = try node.attributes.float("epsilon") ?? 1e-5
        guard try !node.attributes.flag("training_mode", default: false) else {
            throw OperatorFault("attribute training_mode is 1, expected 0: it would depend on the batch")
        }
        guard try node.attributes.flag("spatial", default: true) else {
            throw OperatorFault("attribute spatial is 0, expected 1")
        }
        guard !node.outputs.dropFirst().contains(true) else {
            throw OperatorFault("outputs besides the first are of training, expected none")
        }
    }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("X", isOf: .floats)
        guard operand.shape.rank >= 2 else {
            throw OperatorFault("X has shape \(operand.shape), expected rank 2 or more")
        }
        let channels = operand.shape[1]
        for (index, name) in ["scale", "B", "mean", "variance"].enumerated() {
            let parameter = try operands.required(index + 1)
            // Parameters may be of another float type since opset 14.
            try parameter.check(name, isOf: .floats)
            guard parameter.shape.dimensions == [channels] else {
                throw OperatorFault("\(name) has shape \(parameter.shape), expected [\(channels)]")
            }
        }
        return [operand.fact] + [ConcreteFact](repeating: ConcreteFact(.float32, Shape([channels])), count: 4)
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([1])]
    }

    /// result = x · scale + shift, per channel: what a preceding convolution can take over.
    ///
    /// - Parameter parameters: scale, bias, mean and variance.
    package func line(_ parameters: [[Float]]) -> (scale: [Float], shift: [Float]) {
        var (scales, shifts): ([Float], [Float]) = ([], [])
        for channel in parameters[0].indices {
            let scale =
                Double(parameters[0][channel]) / (Double(parameters[3][channel]) + Double(epsilon)).squareRoot()
            scales.append(Float(scale))
            shifts.append(Float(Double(parameters[1][channel]) - Double(parameters[2][channel]) * scale))
        }
        return (scales, shifts)
    }

    package var computesHalves: Bool { false }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        var parameters: [[Double]] = []
        for index in 1...4 { parameters.append(try operands.required(index).doubles()) }
        let body = BatchBody(
            operand: try operands.required(0),
            parameters: parameters,
            epsilon: Double(epsilon),
            result: result
        )
        try result.fact.elementType.dispatch(body)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        guard node.operands.allSatisfy({ $0?.elementType == .float32 }) else {
            return try builder.compute(self, node, cost: Cost.transcendental)
        }
        let shape = try node.operands.required(0).shape
        let (images, channels) = (shape[0], shape[1])
        let inner = shape.dimensions.dropFirst(2).reduce(1, *)
        let (input, output) = (try node.input(0), try node.output(0))
        let parameters = try (1...4).map { index throws(OperatorFault) in try node.input(index) }
        let kernels = builder.kernels
        let epsilon = epsilon
        let line = builder.temporary(byteCount: 2 * channels * 4)
        try builder.add(cost: Double(channels)) { resolver throws(OperatorFault) in
            let sources = try parameters.map { id throws(OperatorFault) in try resolver.address(id) }
            let target = resolver.address(line)
            return { space, _ in
                let scale = target.mutableFloats(space)
                for channel in 0..<channels {
                    let deviation = (sources[3].floats(space)[channel] + epsilon).squareRoot()
                    scale[channel] = sources[0].floats(space)[channel] / deviation
                    scale[channels + channel] =
                        sources[1].floats(space)[channel] - sources[2].floats(space)[channel] * scale[channel]
                }
            }
        }
        try builder.add(units: images, cost: Double(shape.elementCount) * Cost.element) {
            resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input), try resolver.address(output))
            let scale = resolver.address(line)
            return { space, units in
                for image in units {
                    let begin = image * channels * inner
                    kernels.functions.pointee.affine(
                        channels,
                        inner,
                        x.floats(space) + begin,
                        scale.floats(space),
                        scale.floats(space) + channels,
                        y.mutableFloats(space) + begin
                    )
                }
            }
        }
    }
}

private struct BatchBody: FloatBody {
    let operand: OperandView
    /// Scale, bias, mean and variance.
    let parameters: [[Double]]
    let epsilon: Double
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        let (x, y) = (operand.elements(type), result.elements(type))
        let channels = parameters[0].count
        guard !x.isEmpty else { return }
        let inner = operand.shape.dimensions.dropFirst(2).reduce(1, *)
        for plane in 0..<x.count / inner {
            let channel = plane % channels
            let (scale, bias) = (parameters[0][channel], parameters[1][channel])
            let (mean, deviation) = (parameters[2][channel], (parameters[3][channel] + epsilon).squareRoot())
            for index in plane * inner..<(plane + 1) * inner {
                y[index] = Number(scale * (Double(x[index]) - mean) / deviation + bias)
            }
        }
    }
}
