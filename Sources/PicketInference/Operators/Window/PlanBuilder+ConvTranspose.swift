import PicketTensor

extension PlanBuilder {
    /// Pixels that are multiplied at a time: their products stay in the second cache.
    private static let blockPixels = 64

    /// Adds a transposed convolution of float32: for each block of pixels one product of their channels with all weights,
    /// whose columns are then added where they belong. Images and groups are shared out.
    mutating func transposedConvolution(
        _ geometry: ConvTranspose.Geometry,
        _ node: LoweredNode
    ) throws(OperatorFault) {
        let kernels = kernels
        let functions = kernels.functions.pointee
        let window = geometry.window
        let (depth, columns) = (geometry.inputs, geometry.outputs * window.taps)
        // Weights of a group are a matrix of input channels by (output channels by taps), as they lie.
        let weights = try packMatrix(
            node.input(1),
            constant: node.operands.required(1).constant,
            layout: .init(depth: depth, columns: columns, rowStride: columns, columnStride: 1, count: geometry.groups),
            for: kernels.float32Products
        )
        let packedBytes = functions.gemm_packed_bytes(depth, columns)
        let pixels = min(Self.blockPixels, window.inputPlane)
        let productBytes = functions.gemm_scratch_bytes(pixels, columns, depth)
        let aligned = { (bytes: Int) in (bytes + 63) / 64 * 64 }
        let channelsAt = aligned(productBytes)
        let columnsAt = channelsAt + aligned(pixels * depth * 4)
        let (source, target) = (try node.input(0), try node.output(0))
        let bias = geometry.hasBias ? node.node.inputs.optional(2) : nil
        let parts = geometry.images * geometry.groups
        let work = Double(parts) * Double(window.inputPlane) * Double(depth) * Double(columns)
        try add(
            units: max(parts, 1),
            cost: work * Cost.multiplyAdd,
            scratch: columnsAt + aligned(pixels * columns * 4)
        ) { resolver throws(OperatorFault) in
            let (x, w, y) = (try resolver.address(source), try resolver.address(weights), try resolver.address(target))
            let b = try bias.map { id throws(OperatorFault) in try resolver.address(id) }
            return { space, units in
                let channels = (space.scratch + channelsAt).assumingMemoryBound(to: Float.self)
                let products = (space.scratch + columnsAt).assumingMemoryBound(to: Float.self)
                for unit in units.clamped(to: 0..<parts) {
                    let group = unit % geometry.groups
                    let from = x.floats(space) + unit * depth * window.inputPlane
                    let to = y.mutableFloats(space) + unit * geometry.outputs * window.outputPlane
                    for output in 0..<geometry.outputs {
                        let first = b.map { $0.floats(space)[group * geometry.outputs + output] } ?? 0
                        (to + output * window.outputPlane).update(repeating: first, count: window.outputPlane)
                    }
                    for begin in stride(from: 0, to: window.inputPlane, by: pixels) {
                        let count = min(pixels, window.inputPlane - begin)
                        for pixel in 0..<count {
                            for channel in 0..<depth {
                                channels[pixel * depth + channel] = from[channel * window.inputPlane + begin + pixel]
                            }
                        }
                        kernels.multiply(
                            rows: count,
                            columns: columns,
                            depth: depth,
                            channels,
                            (w.raw(space) + group * packedBytes).assumingMemoryBound(to: Float.self),
                            into: products,
                            scratch: space.scratch
                        )
                        for output in 0..<geometry.outputs {
                            let taps = products + output * window.taps
                            window.scatter(begin..<begin + count, into: to + output * window.outputPlane) {
                                pixel,
                                tap in
                                taps[pixel * columns + tap]
                            } _: {
                                $0 + $1
                            }
                        }
                    }
                }
            }
        }
    }
}
