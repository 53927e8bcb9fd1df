package import CPicketKernels
import PicketTensor

/// Softmax and what is like it: rows along an axis, or, before opset 13, over all axes from one on.
package protocol SoftmaxFamily: ComputeOperator {
    var axis: SoftmaxAxis { get }

    /// Turns one row of numbers into another; the reference.
    func apply(_ row: [Double]) -> [Double]

    /// The kernel for rows of float32; nil where there is none.
    static func kernel(_ functions: picket_kernel_table) -> SoftmaxKernel?
}

package typealias SoftmaxKernel =
    @convention(c) (
        Int, Int, UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>, Int
    ) -> Void

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
        try operand.check("input", isOf: .floats)
        _ = try axis.split(operand.shape)
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along(axis.worked(context.operands.required(0).shape.rank))]
    }

    package var computesHalves: Bool { false }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let operand = try operands.required(0)
        let body = SoftmaxBody(operation: self, split: try axis.split(operand.shape), operand: operand, result: result)
        try result.fact.elementType.dispatch(body)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let operand = try node.operands.required(0)
        guard operand.elementType == .float32, let kernel = Self.kernel(builder.kernels.functions.pointee) else {
            return try builder.compute(self, node, cost: Cost.reference)
        }
        let (outer, count, inner) = try axis.split(operand.shape)
        let (input, output) = (try node.input(0), try node.output(0))
        let cost = Double(outer * count * inner) * Cost.transcendental
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

private struct SoftmaxBody<Operation: SoftmaxFamily>: FloatBody {
    let operation: Operation
    let split: (outer: Int, count: Int, inner: Int)
    let operand: OperandView
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        let (x, y) = (operand.elements(type), result.elements(type))
        var row = [Double](repeating: 0, count: split.count)
        for (block, column) in product(split.outer, split.inner) {
            let begin = block * split.count * split.inner + column
            for index in row.indices { row[index] = Double(x[begin + index * split.inner]) }
            for (index, value) in operation.apply(row).enumerated() { y[begin + index * split.inner] = Number(value) }
        }
    }
}
