import CPicketKernels
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
        let input = try operands.required(0).float32("X")
        return try .checked(.float32, Array(input.dimensions.prefix(2)) + geometry(input).output)
    }

    func geometry(_ input: Shape) throws(OperatorFault) -> Window.Geometry {
        guard input.rank >= 3 else { throw OperatorFault("X has shape \(input), expected rank 3 or 4") }
        let geometry = try window.geometry(over: Array(input.dimensions.dropFirst(2)))
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

    func kernelShape(_ geometry: Window.Geometry) -> picket_pool2d {
        picket_pool2d(
            in_height: geometry.input[0],
            in_width: geometry.input[1],
            out_height: geometry.output[0],
            out_width: geometry.output[1],
            kernel_height: geometry.kernel[0],
            kernel_width: geometry.kernel[1],
            stride_height: geometry.strides[0],
            stride_width: geometry.strides[1],
            dilation_height: geometry.dilations[0],
            dilation_width: geometry.dilations[1],
            pad_top: geometry.begins[0],
            pad_left: geometry.begins[1],
            pad_bottom: geometry.ends[0],
            pad_right: geometry.ends[1],
            count_include_pad: countsPadding
        )
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

    /// Adds the step: planes are shared out.
    func lower(_ node: LoweredNode, into builder: inout PlanBuilder, maximum: Bool) throws(OperatorFault) {
        let input = try node.operands.required(0).shape
        let geometry = try geometry(input).planar
        let shape = kernelShape(geometry)
        let kernels = builder.kernels
        let kernel = maximum ? kernels.functions.pointee.max_pool2d : kernels.functions.pointee.average_pool2d
        let scratch = withUnsafePointer(to: shape) { kernels.functions.pointee.pool2d_scratch_bytes($0) }
        let planes = input[0] * input[1]
        let (inputPlane, outputPlane) = (shape.in_height * shape.in_width, shape.out_height * shape.out_width)
        let cells = shape.kernel_height * shape.kernel_width
        let (source, target) = (try node.input(0), try node.output(0))
        try builder.add(
            units: planes,
            cost: Double(planes * outputPlane) * Double(cells) * Cost.element,
            scratch: scratch
        ) { resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(source), try resolver.address(target))
            return { space, units in
                withUnsafePointer(to: shape) {
                    kernel(
                        $0,
                        units.count,
                        x.floats(space) + units.lowerBound * inputPlane,
                        y.mutableFloats(space) + units.lowerBound * outputPlane,
                        space.scratch
                    )
                }
            }
        }
    }
}
