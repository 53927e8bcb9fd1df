import Glibc
import PicketTensor

/// ONNX LayerNormalization (opset 17): (x - mean) / √(variance + epsilon) · scale + B, over all axes from one on. The
/// second and third results are the means and 1 / √(variance + epsilon), float32.
package struct LayerNormalization: MultiResultOperator {
    package static let signature = OperatorSignature(
        "LayerNormalization",
        opsets: 17...21,
        inputs: 2...3,
        outputs: 1...3,
        attributes: ["axis", "epsilon", "stash_type"]
    )

    private let axis: Int
    private let epsilon: Float

    package init(_ node: NodeDescription) throws(OperatorFault) {
        axis = try node.attributes.int("axis") ?? -1
        epsilon = try node.attributes.float("epsilon") ?? 1e-5
        let stash = try node.attributes.int("stash_type") ?? 1
        guard stash == 1 else {
            throw OperatorFault("attribute stash_type is \(stash), expected 1: statistics are computed in float32")
        }
    }

    /// The function itself, for passes that find it in a graph.
    package init(axis: Int, epsilon: Float) {
        self.axis = axis
        self.epsilon = epsilon
    }

    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("X", isOf: .floats)
        let axis = try normalised(axis: axis, rank: operand.shape.rank)
        let inner = Shape(Array(operand.shape.dimensions[axis...]))
        for (index, name) in [(1, "Scale"), (2, "B")] {
            guard let parameter = operands.optional(index) else { continue }
            guard parameter.elementType == operand.elementType,
                (try? Broadcast.shape(inner, parameter.shape)) == inner.dimensions
            else {
                throw OperatorFault(
                    "\(name) is \(parameter.elementType) \(parameter.shape), expected \(operand.elementType) \(inner)"
                )
            }
        }
        let outer = operand.shape.dimensions[..<axis] + [Int](repeating: 1, count: operand.shape.rank - axis)
        let statistics: ConcreteFact = try .checked(.float32, Array(outer))
        return [operand.fact, statistics, statistics]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        let rank = try context.operands.required(0).shape.rank
        let found = try context.along(Array(normalised(axis: axis, rank: rank)..<rank))
        return [found, found, found]
    }

    package func compute(_ operands: [OperandView?], into results: [ResultView]) throws(OperatorFault) {
        let operand = try operands.required(0)
        let axis = try normalised(axis: axis, rank: operand.shape.rank)
        let body = LayerBody(
            operand: operand,
            scale: try operands.required(1),
            bias: operands.optional(2),
            inner: Shape(Array(operand.shape.dimensions[axis...])),
            epsilon: Double(epsilon),
            results: results
        )
        try operand.fact.elementType.dispatch(body)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let shape = try node.operands.required(0).shape
        let axis = try normalised(axis: axis, rank: shape.rank)
        let count = shape.dimensions[axis...].reduce(1, *)
        let isPlain = (1...2).allSatisfy { index in
            node.operands.optional(index).map { $0.shape.elementCount == count } ?? true
        }
        guard isPlain, shape.elementCount > 0, node.results.first?.elementType == .float32, node.results.count == 1
        else {
            return try builder.compute(self, node, cost: Cost.transcendental)
        }
        let bias = node.node.inputs.optional(2)
        let (input, scale, output) = (try node.input(0), try node.input(1), try node.output(0))
        let (kernels, epsilon, rows) = (builder.kernels, epsilon, shape.elementCount / count)
        try builder.reuse(input, for: output)
        try builder.add(units: rows, cost: Double(rows * count) * Cost.element * 3) { resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input), try resolver.address(output))
            let scale = try resolver.address(scale)
            let shift = try bias.map { id throws(OperatorFault) in try resolver.address(id) }
            return { space, units in
                kernels.functions.pointee.layer_norm(
                    units.count,
                    count,
                    x.floats(space) + units.lowerBound * count,
                    count,
                    scale.floats(space),
                    shift?.floats(space),
                    epsilon,
                    y.mutableFloats(space) + units.lowerBound * count,
                    count
                )
            }
        }
    }
}

private struct LayerBody: FloatBody {
    let operand: OperandView
    let scale: OperandView
    let bias: OperandView?
    /// Of the axes that are normalised.
    let inner: Shape
    let epsilon: Double
    let results: [ResultView]

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) throws(OperatorFault) {
        let x = operand.elements(type)
        guard let first = results.first, !x.isEmpty else { return }
        let y = first.elements(type)
        let count = inner.elementCount
        for row in 0..<x.count / count {
            let statistics = RowStatistics(x.part(row * count, count))
            let factor = 1 / (statistics.variance + epsilon).squareRoot()
            for index in row * count..<(row + 1) * count {
                y[index] = Number((Double(x[index]) - statistics.mean) * factor)
            }
            if results.count > 2 {
                results[1].elements(Float.self)[row] = Float(statistics.mean)
                results[2].elements(Float.self)[row] = Float(factor)
            }
            // Scale and shift may be stretched over the row.
            let target = UnsafeMutableBufferPointer(rebasing: y[row * count..<(row + 1) * count])
            try apply(scale, target) { $0 * $1 }
            if let bias { try apply(bias, target) { $0 + $1 } }
        }
    }

    private func apply<Number: BinaryFloatingPoint & TensorElement>(
        _ parameter: OperandView,
        _ row: UnsafeMutableBufferPointer<Number>,
        _ function: (Number, Number) -> Number
    ) throws(OperatorFault) {
        try Broadcast(inner, parameter.shape, result: inner)
            .forEach(UnsafeBufferPointer(row), parameter.elements(Number.self)) { index, value, parameter in
                row[index] = function(value, parameter)
            }
    }
}
