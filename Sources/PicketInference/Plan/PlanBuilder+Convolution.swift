import CPicketKernels
import PicketTensor

extension PlanBuilder {
    /// Adds a convolution of the pictures of operand 0 with the weights in operand 1.
    ///
    /// - Parameters:
    ///   - images: how many pictures.
    ///   - input: how they lie.
    ///   - residual: pictures that lie channels-last.
    mutating func convolution(
        _ node: LoweredNode,
        shape: picket_conv2d,
        images: Int,
        input layout: Layout,
        bias: ValueID?,
        residual: ValueID?
    ) throws(OperatorFault) {
        let (input, output) = (try node.input(0), try node.output(0))
        let order = layout == .plain ? PICKET_LAYOUT_PLANAR : PICKET_LAYOUT_CHANNELS_LAST
        let isConstant = try node.operands.required(1).constant != nil
        let algorithm = ConvolutionAlgorithm(shape, input: order, isConstant: isConstant, kernels: kernels)
        let packed = try packWeights(node, algorithm)
        let perOutput = shape.in_channels / shape.groups * shape.kernel_height * shape.kernel_width
        let outputs = images * shape.out_channels * shape.out_height * shape.out_width
        let units = algorithm.units(images: images)
        newBuffer(for: output, .channelsLast, at: currentIndex)
        try add(
            units: units,
            cost: Double(outputs) * Double(perOutput) * Cost.multiplyAdd,
            scratch: algorithm.scratchBytes
        ) {
            resolver throws(OperatorFault) in
            let x = try resolver.address(input, layout)
            let inputPixel = layout == .plain ? 1 : try resolver.pictures(input).pixelStride
            let inputImage = shape.in_height * shape.in_width * (layout == .plain ? shape.in_channels : inputPixel)
            let y = try resolver.pictures(output)
            let w = packed.address(resolver)
            let b = try bias.map { id throws(OperatorFault) in try resolver.address(id) }
            let r = try residual.map { id throws(OperatorFault) in try resolver.pictures(id) }
            return { space, units in
                var call = picket_conv_call(
                    packed_weights: w.floats(space),
                    bias: b?.floats(space),
                    input: x.floats(space),
                    input_image_stride: inputImage,
                    input_pixel_stride: inputPixel,
                    residual: r?.floats(space),
                    residual_image_stride: r?.imageStride ?? 0,
                    residual_pixel_stride: r?.pixelStride ?? 0,
                    output: y.mutableFloats(space),
                    output_image_stride: y.imageStride,
                    output_pixel_stride: y.pixelStride,
                    images: images,
                    unit_begin: units.lowerBound,
                    unit_end: units.upperBound
                )
                algorithm.run(&call, scratch: space.scratch)
            }
        }
    }

    /// The weights in the algorithm's layout: packed once where they are constant, else by a step of each pass.
    private mutating func packWeights(
        _ node: LoweredNode,
        _ algorithm: ConvolutionAlgorithm
    ) throws(OperatorFault) -> PackedOperand {
        let weights = try node.input(1)
        let bytes = algorithm.packedBytes
        if let constant = try node.operands.required(1).constant {
            return .constant(
                try packed(weights, layout: "conv \(algorithm.packing)", byteCount: bytes) { () throws(OperatorFault) in
                    let buffer = AlignedBuffer(byteCount: bytes)
                    let plain = Self.copy(constant)
                    withExtendedLifetime(plain) { algorithm.pack(plain.floats(), into: buffer.floats()) }
                    constant.release()
                    return buffer
                }
            )
        }
        let temporary = temporary(byteCount: bytes)
        try add(cost: Double(bytes) * Cost.copiedByte) { resolver throws(OperatorFault) in
            let (source, target) = (try resolver.address(weights), resolver.address(temporary))
            return { space, _ in algorithm.pack(source.floats(space), into: target.mutableFloats(space)) }
        }
        return .temporary(temporary)
    }
}
