import CPicketKernels
import PicketTensor

/// Normalisation of parts of [N, C, …] that lie in a row: (x - mean) / √(variance + epsilon), each part by itself, then a
/// line per channel or per part.
package protocol PlaneNormalization: ComputeOperator {
    var epsilon: Float { get }

    /// Parts of an image with so many channels.
    func parts(channels: Int) -> Int

    /// Numbers in scale and bias.
    func parameters(channels: Int) -> Int
}

extension PlaneNormalization {
    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("input", isOf: .floats)
        guard operand.shape.rank >= 2 else {
            throw OperatorFault("input has shape \(operand.shape), expected rank 2 or more")
        }
        let channels = operand.shape[1]
        guard channels.isMultiple(of: parts(channels: channels)) else {
            throw OperatorFault("\(channels) channels do not divide into \(parts(channels: channels)) groups")
        }
        for (index, name) in [(1, "scale"), (2, "bias")] {
            let parameter = try operands.required(index)
            let expected = parameters(channels: channels)
            guard parameter.elementType == operand.elementType, parameter.shape.dimensions == [expected] else {
                throw OperatorFault(
                    "\(name) is \(parameter.elementType) \(parameter.shape), expected \(operand.elementType) [\(expected)]"
                )
            }
        }
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along(Array(1..<context.operands.required(0).shape.rank))]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let channels = result.shape[1]
        let body = PlaneBody(
            operand: try operands.required(0),
            scale: try operands.required(1),
            bias: try operands.required(2),
            parts: parts(channels: channels),
            lines: parameters(channels: channels),
            epsilon: Double(epsilon),
            result: result
        )
        try result.fact.elementType.dispatch(body)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let shape = try node.operands.required(0).shape
        guard node.results.first?.elementType == .float32, shape.elementCount > 0 else {
            return try builder.compute(self, node, cost: Cost.transcendental)
        }
        let (input, output) = (try node.input(0), try node.output(0))
        let (scale, bias) = (try node.input(1), try node.input(2))
        let (parts, lines) = (parts(channels: shape[1]), parameters(channels: shape[1]))
        let size = shape.elementCount / shape[0]
        let (kernels, epsilon) = (builder.kernels, epsilon)
        try builder.reuse(input, for: output)
        try builder.add(units: shape[0], cost: Double(shape.elementCount) * Cost.element * 4) {
            resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input), try resolver.address(output))
            let (scale, bias) = (try resolver.address(scale), try resolver.address(bias))
            return { space, units in
                let functions = kernels.functions.pointee
                for image in units {
                    let (source, target) = (x.floats(space) + image * size, y.mutableFloats(space) + image * size)
                    let count = size / parts
                    functions.layer_norm(parts, count, source, count, nil, nil, epsilon, target, count)
                    functions.affine(lines, size / lines, target, scale.floats(space), bias.floats(space), target)
                }
            }
        }
    }
}

private struct PlaneBody: FloatBody {
    let operand: OperandView
    let scale: OperandView
    let bias: OperandView
    let parts: Int
    let lines: Int
    let epsilon: Double
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        let (x, y) = (operand.elements(type), result.elements(type))
        let (scale, bias) = (scale.elements(type), bias.elements(type))
        guard !x.isEmpty else { return }
        let size = x.count / result.shape[0]
        let (count, line) = (size / parts, size / lines)
        for part in 0..<x.count / count {
            let statistics = RowStatistics(x.part(part * count, count))
            let factor = 1 / (statistics.variance + epsilon).squareRoot()
            for index in part * count..<(part + 1) * count {
                let channel = index % size / line
                let plain = (Double(x[index]) - statistics.mean) * factor
                y[index] = Number(plain * Double(scale[channel]) + Double(bias[channel]))
            }
        }
    }
}
