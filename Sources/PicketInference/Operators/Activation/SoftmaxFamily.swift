import Glibc
package import PicketTensor

/// Softmax and its logarithm: rows along an axis, or, before opset 13, over all axes from one on.
package protocol SoftmaxFamily: Operator {
    var axis: SoftmaxAxis { get }

    /// Turns one row of float32 numbers into another; the reference.
    func apply(_ row: [Double]) -> [Double]

    /// Whether the kernel gives logarithms.
    static var isLogarithmic: Bool { get }
}

/// The axis of a softmax, and what it means.
package struct SoftmaxAxis: Sendable {
    let axis: Int
    /// Before opset 13: the operand is a matrix, cut before the axis.
    let coerces: Bool

    init(_ node: NodeDescription) throws(OperatorFault) {
        coerces = node.opset < 13
        axis = try node.attributes.int("axis") ?? (coerces ? 1 : -1)
    }

    /// How many elements lie before, along and behind the axis.
    func split(_ shape: Shape) throws(OperatorFault) -> (outer: Int, count: Int, inner: Int) {
        // The end is an allowed axis of a coercing softmax: rows of one element.
        if coerces, axis == shape.rank { return (shape.elementCount, 1, 1) }
        let axis = try normalised(axis: axis, rank: shape.rank)
        let outer = shape.dimensions[..<axis].reduce(1, *)
        if coerces { return (outer, shape.dimensions[axis...].reduce(1, *), 1) }
        return (outer, shape[axis], shape.dimensions[(axis + 1)...].reduce(1, *))
    }

    func worked(_ rank: Int) throws(OperatorFault) -> [Int] {
        if coerces, axis == rank { return [] }
        let axis = try normalised(axis: axis, rank: rank)
        return coerces ? Array(axis..<rank) : [axis]
    }
}

extension SoftmaxFamily {
    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        _ = try operand.float32("input")
        _ = try axis.split(operand.shape)
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along(axis.worked(context.operands.required(0).shape.rank))]
    }

    package func evaluate(_ operands: [Tensor?], results: [ConcreteFact]) throws(OperatorFault) -> [Tensor] {
        let operand = try operands.required(0)
        let (outer, count, inner) = try axis.split(operand.shape)
        let x = operand.elements(of: Float.self)
        var y = x
        for (block, column) in product(outer, inner) {
            let positions = (0..<count).map { (block * count + $0) * inner + column }
            for (position, value) in zip(positions, apply(positions.map { Double(x[$0]) })) {
                y[position] = Float(value)
            }
        }
        return [Tensor(y, shape: operand.shape)]
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let (outer, count, inner) = try axis.split(node.operands.required(0).shape)
        let (input, output) = (try node.input(0), try node.output(0))
        let kernels = builder.kernels
        let cost = Double(outer * count * inner) * Cost.transcendental
        let kernel = Self.isLogarithmic ? kernels.functions.pointee.log_softmax : kernels.functions.pointee.softmax
        if inner == 1 {
            try builder.reuse(input, for: output)
            try builder.add(units: outer, cost: cost) { resolver throws(OperatorFault) in
                let (x, y) = (try resolver.address(input), try resolver.address(output))
                return { space, units in
                    let begin = units.lowerBound * count
                    kernel(units.count, count, x.floats(space) + begin, count, y.mutableFloats(space) + begin, count)
                }
            }
            return
        }
        // Columns go through scratch, so that one row kernel serves every axis.
        try builder.add(units: outer, cost: cost, scratch: count * 4) { resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input), try resolver.address(output))
            return { space, units in
                let row = space.scratch.assumingMemoryBound(to: Float.self)
                for (block, column) in product(units.count, inner) {
                    let begin = (units.lowerBound + block) * count * inner + column
                    for index in 0..<count { row[index] = x.floats(space)[begin + index * inner] }
                    kernel(1, count, row, count, row, count)
                    for index in 0..<count { y.mutableFloats(space)[begin + index * inner] = row[index] }
                }
            }
        }
    }
}
