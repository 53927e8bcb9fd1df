import CPicketKernels
import Testing

@Suite("conv_gemm with NaN and infinities")
struct ConvolutionSpecialValueTests {
    /// A picture of ones with one cell changed, under a kernel of ones: exactly the windows over that cell see it.
    @Test(
        "a NaN cell reaches its own windows only",
        arguments: KernelLevel.available,
        [(1, 3, 3), (1, 3, 70), (3, 3, 3), (8, 32, 32)]
    )
    func reach(level: KernelLevel, channels: (groups: Int, input: Int, output: Int)) {
        let kernel = level.convolution(PICKET_CONV_GEMM)
        let (inputs, outputs) = (channels.input, channels.output)
        var shape = ConvCase(
            groups: channels.groups,
            channels: (inputs, outputs),
            size: (12, 21),
            padBegin: (1, 1),
            padEnd: (1, 1)
        ).shape
        let pixels = 12 * 21
        let weights = [Float](repeating: 1, count: outputs * inputs / channels.groups * 9)
        for (layout, activation) in everyActivation.flatMap({
            [(PICKET_LAYOUT_PLANAR, $0), (PICKET_LAYOUT_CHANNELS_LAST, $0)]
        }) {
            (shape.activation, shape.alpha, shape.beta) = (activation, -1, 1)
            var cells = [Float](repeating: 1, count: inputs * pixels)
            let changed = 5 * 21 + 20
            cells[layout == PICKET_LAYOUT_PLANAR ? pixels + changed : changed * inputs + 1] = .nan
            let packed = AlignedBytes(kernel.packed_bytes(&shape, layout))
            let scratch = AlignedBytes(kernel.scratch_bytes(&shape, layout))
            kernel.pack(&shape, layout, weights, packed.floats)
            let (input, output) = (GuardedFloats(cells), GuardedFloats(output: outputs * pixels))
            var call = picket_conv_call(
                packed_weights: packed.floats,
                bias: nil,
                input: input.base,
                input_image_stride: inputs * pixels,
                input_pixel_stride: inputs,
                residual: nil,
                residual_image_stride: 0,
                residual_pixel_stride: 0,
                output: output.base,
                output_image_stride: outputs * pixels,
                output_pixel_stride: outputs,
                images: 1,
                unit_begin: 0,
                unit_end: kernel.units(&shape, layout, 1)
            )
            withExtendedLifetime((packed, scratch, input)) { kernel.run(&shape, layout, &call, scratch.base) }
            let group = 1 / (inputs / channels.groups)
            let wrong = output.values.enumerated().first { index, value in
                let (pixel, channel) = (index / outputs, index % outputs)
                let isReached =
                    channel / (outputs / channels.groups) == group && 4...6 ~= pixel / 21 && pixel % 21 >= 19
                return value.isNaN != isReached
            }
            #expect(wrong == nil, "activation \(activation.rawValue), layout \(layout.rawValue)")
        }
    }
}
