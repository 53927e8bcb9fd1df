import CPicketKernels
import PicketTensor

extension PlanBuilder {
    /// How a convolution is shared out: over the images, and over the channel tiles or rows of one image.
    private struct Partition {
        var shape: picket_conv2d
        var images: Int
        /// Channel tiles of an image where those are shared out, else its output rows.
        var parts: Int
        var splitsChannels: Bool
        var tiles: Int

        init(_ shape: picket_conv2d, images: Int, tiles: Int) {
            self.shape = shape
            self.images = images
            splitsChannels = tiles >= 8 || shape.out_height < 4
            parts = splitsChannels ? tiles : shape.out_height
            self.tiles = tiles
        }

        /// Calls `body` with runs of whole images, and with the parts of images that are cut.
        @inline(__always)
        func forEachCall(_ units: Range<Int>, _ body: (_ image: Int, _ images: Int, _ parts: Range<Int>) -> Void) {
            var unit = units.lowerBound
            while unit < units.upperBound {
                let (image, part) = (unit / parts, unit % parts)
                let whole = part == 0 ? (units.upperBound - unit) / parts : 0
                if whole > 0 {
                    body(image, whole, 0..<parts)
                    unit += whole * parts
                } else {
                    let end = min(parts, part + units.upperBound - unit)
                    body(image, 1, part..<end)
                    unit += end - part
                }
            }
        }
    }

    /// Adds a convolution of operand 0 with the weights in operand 1.
    mutating func convolution(
        _ node: LoweredNode,
        shape: picket_conv2d,
        images: Int,
        bias: ValueID?,
        residual: ValueID?
    ) throws(OperatorFault) {
        let kernels = kernels
        let functions = kernels.functions
        let (input, weights, output) = (try node.input(0), try node.input(1), try node.output(0))
        var probe = shape
        let packedBytes = functions.pointee.conv2d_packed_bytes(&probe)
        let scratch = functions.pointee.conv2d_scratch_bytes(&probe)
        let partition = Partition(shape, images: images, tiles: functions.pointee.conv2d_tiles(&probe))
        let inputStride = shape.in_channels * shape.in_height * shape.in_width
        let outputStride = shape.out_channels * shape.out_height * shape.out_width
        let perOutput = shape.in_channels / shape.groups * shape.kernel_height * shape.kernel_width
        let cost = Double(images * outputStride) * Double(perOutput) * Cost.multiplyAdd

        let packed: PackedOperand
        if let constant = try node.operands.required(1).constant {
            packed = .constant(
                try self.packed(weights, layout: "conv2d \(shape.layoutKey)", byteCount: packedBytes) {
                    () throws(OperatorFault) in
                    let buffer = AlignedBuffer(byteCount: packedBytes)
                    let plain = AlignedBuffer(byteCount: constant.byteCount)
                    constant.withUnsafeBytes { plain.bytes.copyMemory(from: $0) }
                    functions.pointee.conv2d_pack(&probe, plain.floats(), buffer.floats())
                    return buffer
                }
            )
        } else {
            let temporary = temporary(byteCount: packedBytes)
            packed = .temporary(temporary)
            try add(cost: Double(packedBytes) * Cost.copiedByte) { resolver throws(OperatorFault) in
                let (source, target) = (try resolver.address(weights), resolver.address(temporary))
                return { space, _ in
                    withUnsafePointer(to: shape) {
                        kernels.functions.pointee.conv2d_pack($0, source.floats(space), target.mutableFloats(space))
                    }
                }
            }
        }
        try add(units: images * partition.parts, cost: cost, scratch: scratch) { resolver throws(OperatorFault) in
            let (x, y) = (try resolver.address(input), try resolver.address(output))
            let w = packed.address(resolver)
            let b = try bias.map { id throws(OperatorFault) in try resolver.address(id) }
            let r = try residual.map { id throws(OperatorFault) in try resolver.address(id) }
            return { space, units in
                let xBase = x.floats(space)
                let yBase = y.mutableFloats(space)
                let rBase = r?.floats(space)
                var call = picket_conv2d_call(
                    packed_weights: w.floats(space),
                    bias: b?.floats(space),
                    input: xBase,
                    input_image_stride: inputStride,
                    residual: rBase,
                    residual_image_stride: outputStride,
                    output: yBase,
                    output_image_stride: outputStride,
                    images: 0,
                    tile_begin: 0,
                    tile_end: 0,
                    row_begin: 0,
                    row_end: 0
                )
                partition.forEachCall(units) { image, images, part in
                    call.images = images
                    call.input = xBase + image * inputStride
                    call.output = yBase + image * outputStride
                    call.residual = rBase.map { $0 + image * outputStride }
                    call.tile_begin = partition.splitsChannels ? part.lowerBound : 0
                    call.tile_end = partition.splitsChannels ? part.upperBound : partition.tiles
                    call.row_begin = partition.splitsChannels ? 0 : part.lowerBound
                    call.row_end = partition.splitsChannels ? partition.shape.out_height : part.upperBound
                    withUnsafePointer(to: partition.shape) {
                        kernels.functions.pointee.conv2d($0, &call, space.scratch)
                    }
                }
            }
        }
    }
}

extension picket_conv2d {
    /// Names everything that packed weights depend on.
    fileprivate var layoutKey: String {
        "\(groups) \(in_channels) \(out_channels) \(kernel_height)x\(kernel_width)"
            + " \(stride_height)x\(stride_width) \(dilation_height)x\(dilation_width)"
    }
}
