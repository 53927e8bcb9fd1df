import PicketTensor

/// ONNX BatchNormalization (opsets 7, 9, 14, 15) at inference:
/// scale · (x - mean) / √(variance + epsilon) + bias, per channel of [N, C, …].
package struct BatchNormalization: ComputeOperator, ActivationFusingOperator {
    package static let signature = OperatorSignature(
        "BatchNormalization",
        inputs: 5...5,
        outputs: 1...5,
        attributes: ["epsilon", "momentum", "spatial", "training_mode"]
    )

    /// Added to the variance.
    package let epsilon: Float
    package private(set) var activation = Activation.none

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

    package func fusing(_ activation: Activation) -> BatchNormalization {
        var copy = self
        copy.activation = activation
        return copy
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
            activation: activation,
            result: result
        )
        try result.fact.elementType.dispatch(body)
    }
}

private struct BatchBody: FloatBody {
    let operand: OperandView
    /// Scale, bias, mean and variance.
    let parameters: [[Double]]
    let epsilon: Double
    let activation: Activation
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
                let value = scale * (Double(x[index]) - mean) / deviation + bias
                y[index] = activation == .none ? Number(value) : Number(activation(Float(value)))
            }
        }
    }
}
