import PicketTensor

/// What MaxPool and AveragePool share: a window over the planes of [N, C, …].
struct Pooling: Sendable {
    let window: Window
    let countsPadding: Bool

    init(_ node: NodeDescription) throws(OperatorFault) {
        window = try Window(node.attributes)
        countsPadding = try node.attributes.flag("count_include_pad", default: false)
    }

    func infer(_ operands: [OperandFact?]) throws(OperatorFault) -> ConcreteFact {
        let input = try operands.required(0)
        return try .checked(input.elementType, Array(input.shape.dimensions.prefix(2)) + geometry(input.shape).output)
    }

    func geometry(_ input: Shape) throws(OperatorFault) -> Window.Geometry {
        guard input.rank >= 3 else { throw OperatorFault("X has shape \(input), expected rank 3 to 5") }
        let geometry = try window.geometry(over: Array(input.dimensions.dropFirst(2)), ranks: 1...3)
        for axis in geometry.kernel.indices {
            let reach = (geometry.kernel[axis] - 1) * geometry.dilations[axis] + 1
            guard geometry.begins[axis] < reach, geometry.ends[axis] < reach else {
                throw OperatorFault(
                    "padding of \(geometry.begins[axis]) and \(geometry.ends[axis]) hides a whole window of \(reach)"
                )
            }
        }
        return geometry
    }

    /// The reference: `combine` sees the window's elements inside the input, and how many cells the padded input has.
    func evaluate(
        _ operand: Tensor,
        _ result: ConcreteFact,
        _ combine: (_ inside: [Float], _ padded: Int) -> Float
    ) throws(OperatorFault) -> Tensor {
        let geometry = try geometry(operand.shape).planar
        let x = operand.elements(of: Float.self)
        let (height, width) = (geometry.input[0], geometry.input[1])
        var y: [Float] = []
        y.reserveCapacity(result.shape.elementCount)
        for plane in 0..<operand.shape[0] * operand.shape[1] {
            for (row, column) in product(geometry.output[0], geometry.output[1]) {
                let (rows, paddedRows) = geometry.taps(0, at: row)
                let (columns, paddedColumns) = geometry.taps(1, at: column)
                var inside: [Float] = []
                for (i, j) in product(rows.count, columns.count) {
                    let r =
                        row * geometry.strides[0] + (rows.lowerBound + i) * geometry.dilations[0] - geometry.begins[0]
                    let c =
                        column * geometry.strides[1] + (columns.lowerBound + j) * geometry.dilations[1]
                        - geometry.begins[1]
                    inside.append(x[(plane * height + r) * width + c])
                }
                y.append(combine(inside, paddedRows * paddedColumns))
            }
        }
        return Tensor(y, shape: result.shape)
    }
}
