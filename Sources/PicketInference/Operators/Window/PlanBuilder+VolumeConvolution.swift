import CPicketKernels
import PicketTensor

extension PlanBuilder {
    /// Pixels of the result whose inputs are gathered at a time: they stay in the second cache.
    private static let unfoldedPixels = 48

    /// Adds a convolution of float32 over three spatial axes: for each block of pixels a matrix of what their windows see,
    /// multiplied by the weights, and turned into planes. Blocks of all images and groups are shared out.
    ///
    /// What it costs beside the product: each input is read once for every tap that sees it.
    mutating func volumeConvolution(_ convolution: VolumeConvolution, _ node: LoweredNode) throws(OperatorFault) {
        let kernels = kernels
        let functions = kernels.functions.pointee
        let window = convolution.window
        let (outputs, depth) = (convolution.outputs, convolution.inputs * window.kernelTaps)
        let packed = try packMatrix(
            node.input(1),
            constant: node.operands.required(1).constant,
            layout: .init(
                depth: depth,
                columns: outputs,
                rowStride: 1,
                columnStride: depth,
                count: convolution.groups
            ),
            for: kernels.float32Products
        )
        let packedBytes = functions.gemm_packed_bytes(depth, outputs)
        let pixels = min(Self.unfoldedPixels, window.outputPlane)
        let blocks = (window.outputPlane + pixels - 1) / max(pixels, 1)
        let aligned = { (bytes: Int) in (bytes + 63) / 64 * 64 }
        let seenAt = aligned(functions.gemm_scratch_bytes(pixels, outputs, depth))
        let madeAt = seenAt + aligned(pixels * depth * 4)
        let addedAt = madeAt + aligned(pixels * outputs * 4)
        let parts = convolution.images * convolution.groups * blocks
        let work = Double(convolution.images * convolution.groups) * Double(window.outputPlane) * Double(depth)
        let (source, target) = (try node.input(0), try node.output(0))
        let bias = convolution.hasBias ? node.node.inputs.optional(2) : nil
        let residual = try convolution.residual.map { index throws(OperatorFault) in try node.input(index) }
        try add(
            units: max(parts, 1),
            cost: work * (Double(outputs) * Cost.multiplyAdd + Cost.element),
            scratch: addedAt + aligned(pixels * outputs * 4)
        ) { resolver throws(OperatorFault) in
            let (x, w, y) = (try resolver.address(source), try resolver.address(packed), try resolver.address(target))
            let b = try bias.map { id throws(OperatorFault) in try resolver.address(id) }
            let r = try residual.map { id throws(OperatorFault) in try resolver.address(id) }
            return { space, units in
                let seen = (space.scratch + seenAt).assumingMemoryBound(to: Float.self)
                let made = (space.scratch + madeAt).assumingMemoryBound(to: Float.self)
                let added = (space.scratch + addedAt).assumingMemoryBound(to: Float.self)
                for unit in units.clamped(to: 0..<parts) {
                    let (part, begin) = (unit / blocks, unit % blocks * pixels)
                    let group = part % convolution.groups
                    let count = min(pixels, window.outputPlane - begin)
                    let planes = y.mutableFloats(space) + part * outputs * window.outputPlane + begin
                    let from = x.floats(space) + part * convolution.inputs * window.inputPlane
                    window.unfold(begin..<begin + count, channels: convolution.inputs, from, into: seen)
                    if let r {
                        let other = r.floats(space) + part * outputs * window.outputPlane + begin
                        for (pixel, output) in product(count, outputs) {
                            added[pixel * outputs + output] = other[output * window.outputPlane + pixel]
                        }
                    }
                    var call = picket_gemm(
                        rows: count,
                        columns: outputs,
                        depth: depth,
                        a: seen,
                        a_row_stride: depth,
                        packed_b: (w.raw(space) + group * packedBytes).assumingMemoryBound(to: Float.self),
                        c: made,
                        c_row_stride: outputs,
                        column_bias: b.map { $0.floats(space) + group * outputs },
                        row_bias: nil,
                        residual: r == nil ? nil : UnsafePointer(added),
                        residual_row_stride: outputs,
                        activation: convolution.activation.kernel,
                        alpha: convolution.activation.parameters.alpha,
                        beta: convolution.activation.parameters.beta,
                        column_begin: 0,
                        column_end: outputs
                    )
                    kernels.functions.pointee.gemm(&call, space.scratch)
                    for output in 0..<outputs {
                        let line = planes + output * window.outputPlane
                        for pixel in 0..<count { line[pixel] = made[pixel * outputs + output] }
                    }
                }
            }
        }
    }
}

extension VolumeWindow {
    /// What the windows of some pixels see: a row for each pixel, channel by channel, zeros outside.
    func unfold(
        _ pixels: Range<Int>,
        channels: Int,
        _ input: UnsafePointer<Float>,
        into rows: UnsafeMutablePointer<Float>
    ) {
        let taps = kernelTaps
        rows.update(repeating: 0, count: pixels.count * channels * taps)
        for pixel in pixels {
            let row = rows + (pixel - pixels.lowerBound) * channels * taps
            forEachTap(at: pixel) { place, tap in
                for channel in 0..<channels { row[channel * taps + tap] = input[channel * inputPlane + place] }
            }
        }
    }
}
