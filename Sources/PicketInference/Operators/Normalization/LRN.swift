import Glibc
import PicketTensor

/// ONNX LRN (opsets 1, 13): x / (bias + alpha / size · Σ x²)^beta, the sum over `size` channels of [N, C, …] around each one.
package struct LRN: ComputeOperator {
    package static let signature = OperatorSignature(
        "LRN",
        inputs: 1...1,
        attributes: ["alpha", "beta", "bias", "size"]
    )

    private let alpha: Double
    private let beta: Double
    private let bias: Double
    private let size: Int

    package init(_ node: NodeDescription) throws(OperatorFault) {
        alpha = Double(try node.attributes.float("alpha") ?? 1e-4)
        beta = Double(try node.attributes.float("beta") ?? 0.75)
        bias = Double(try node.attributes.float("bias") ?? 1)
        guard let size = try node.attributes.int("size"), size > 0 else {
            throw OperatorFault("attribute size is missing or not positive")
        }
        self.size = size
    }

    package var computesHalves: Bool { false }

    package func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> [ConcreteFact] {
        let operand = try operands.required(0)
        try operand.check("X", isOf: .floats)
        guard operand.shape.rank >= 2 else {
            throw OperatorFault("X has shape \(operand.shape), expected rank 2 or more")
        }
        return [operand.fact]
    }

    package func rowAxes(_ context: RowContext) throws(OperatorFault) -> [Int?] {
        [try context.along([1])]
    }

    package func compute(_ operands: [OperandView?], into result: ResultView) throws(OperatorFault) {
        let body = LRNBody(operation: self, operand: try operands.required(0), result: result)
        try result.fact.elementType.dispatch(body)
    }

    package func lower(_ node: LoweredNode, into builder: inout PlanBuilder) throws(OperatorFault) {
        let shape = try node.operands.required(0).shape
        // Every channel of the window is read anew.
        let sum = Double(min(size, shape[1])) * Cost.element
        guard node.results.first?.elementType == .float32, shape.elementCount > 0 else {
            return try builder.compute(self, node, cost: Cost.reference + sum)
        }
        let (input, output) = (try node.input(0), try node.output(0))
        let image = shape.elementCount / shape[0]
        let pixels = image / shape[1]
        try builder.add(
            units: shape[0],
            cost: Double(shape.elementCount) * (Cost.transcendental * 10 + sum),
            scratch: pixels * MemoryLayout<Double>.stride
        ) { resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input), try resolver.address(output))
            return { space, units in
                let squares = UnsafeMutableBufferPointer(
                    start: space.scratch.bindMemory(to: Double.self, capacity: pixels),
                    count: pixels
                )
                for index in units {
                    let source = UnsafeBufferPointer(start: x.floats(space) + index * image, count: image)
                    let target = UnsafeMutableBufferPointer(
                        start: y.mutableFloats(space) + index * image,
                        count: image
                    )
                    normalise(source, target, channels: shape[1], squares)
                }
            }
        }
    }

    /// One image.
    ///
    /// - Parameter squares: memory for a number a pixel.
    fileprivate func normalise<Number: BinaryFloatingPoint>(
        _ x: UnsafeBufferPointer<Number>,
        _ y: UnsafeMutableBufferPointer<Number>,
        channels: Int,
        _ squares: UnsafeMutableBufferPointer<Double>
    ) {
        let pixels = squares.count
        for channel in 0..<channels {
            // (size - 1) / 2 channels before, the rest behind; a size past all channels means all.
            let first = max(0, channel - (size - 1) / 2)
            let last = min(channels - 1, channel + size / 2)
            squares.update(repeating: 0)
            for other in first...last {
                for pixel in 0..<pixels {
                    let value = Double(x[other * pixels + pixel])
                    squares[pixel] += value * value
                }
            }
            for pixel in 0..<pixels {
                let base = bias + alpha / Double(size) * squares[pixel]
                // The usual exponent by roots, which are far cheaper.
                let divisor = beta == 0.75 ? base.squareRoot() * base.squareRoot().squareRoot() : pow(base, beta)
                y[channel * pixels + pixel] = Number(Double(x[channel * pixels + pixel]) / divisor)
            }
        }
    }
}

private struct LRNBody: FloatBody {
    let operation: LRN
    let operand: OperandView
    let result: ResultView

    func floats<Number: BinaryFloatingPoint & TensorElement>(_ type: Number.Type) {
        let (x, y) = (operand.elements(type), result.elements(type))
        guard !x.isEmpty else { return }
        let image = x.count / operand.shape[0]
        let squares = UnsafeMutableBufferPointer<Double>.allocate(capacity: image / operand.shape[1])
        defer { squares.deallocate() }
        squares.initialize(repeating: 0)
        for index in 0..<operand.shape[0] {
            let target = UnsafeMutableBufferPointer(rebasing: y[index * image..<(index + 1) * image])
            operation.normalise(x.part(index * image, image), target, channels: operand.shape[1], squares)
        }
    }
}
