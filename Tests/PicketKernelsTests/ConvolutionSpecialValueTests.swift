import CPicketKernels
import Testing

@Suite("conv2d with NaN and infinities")
struct ConvolutionSpecialValueTests {
    /// A picture of ones with one cell changed, under a kernel of ones: exactly the windows over that cell see it.
    @Test("a NaN cell reaches its own windows only", arguments: KernelLevel.available, [1, 3])
    func reach(level: KernelLevel, groups: Int) {
        let kernels = level.table
        var shape = ConvCase(groups: groups, channels: (3, 3), size: (12, 21), padBegin: (1, 1), padEnd: (1, 1)).shape
        for activation in everyActivation {
            shape.activation = activation
            (shape.alpha, shape.beta) = (-1, 1)
            let plane = 12 * 21
            let weights = [Float](repeating: 1, count: 3 * 3 / groups * 9)
            var cells = [Float](repeating: 1, count: 3 * plane)
            cells[plane + 5 * 21 + 20] = .nan
            let packed = AlignedBytes(kernels.conv2d_packed_bytes(&shape))
            let scratch = AlignedBytes(kernels.conv2d_scratch_bytes(&shape))
            kernels.conv2d_pack(&shape, weights, packed.floats)
            let (input, output) = (GuardedFloats(cells), GuardedFloats(output: 3 * plane))
            var call = picket_conv2d_call(
                packed_weights: packed.floats,
                bias: nil,
                input: input.base,
                input_image_stride: 3 * plane,
                residual: nil,
                residual_image_stride: 0,
                output: output.base,
                output_image_stride: 3 * plane,
                images: 1,
                tile_begin: 0,
                tile_end: kernels.conv2d_tiles(&shape),
                row_begin: 0,
                row_end: 12
            )
            kernels.conv2d(&shape, &call, scratch.base)
            for (index, value) in output.values.enumerated() {
                let (channel, y, x) = (index / plane, index % plane / 21, index % 21)
                let isReached = (groups == 1 || channel == 1) && 4...6 ~= y && x >= 19
                #expect(value.isNaN == isReached, "activation \(activation.rawValue), element \(index)")
            }
        }
    }
}
