import CPicketKernels
import Testing

extension PixelConvCase {
    /// What the kernel computes, laid out as `exact`, zeros between the elements, which must stay as they were. Tensors lie
    /// against closed pages.
    ///
    /// - Parameter parts: runs the convolution in this many calls, the last part first.
    func computed(
        _ level: KernelLevel,
        by algorithm: picket_conv_algorithm = PICKET_CONV_GEMM,
        side: GuardedFloats.Side = .end,
        parts: Int = 1
    ) -> [Float] {
        let kernel = level.convolution(algorithm)
        var shape = base.shape
        let packed = AlignedBytes(kernel.packed_bytes(&shape, layout))
        let scratch = AlignedBytes(kernel.scratch_bytes(&shape, layout))
        let weights = GuardedFloats(base.weights, against: side)
        withExtendedLifetime(weights) { kernel.pack(&shape, layout, weights.base, packed.floats) }
        let source = GuardedFloats(Array(input.dropLast(base.gap + (isPlanar ? 0 : inputGap))), against: side)
        let bias = base.bias.map { GuardedFloats($0, against: side) }
        let added = residual.map { GuardedFloats(Array($0.dropLast(base.gap + residualGap)), against: side) }
        let count = max(0, base.images * outputImageStride - base.gap - outputGap)
        let target = GuardedFloats(output: count, against: side)
        let units = kernel.units(&shape, layout, base.images)
        for part in (0..<parts).reversed() {
            var call = picket_conv_call(
                packed_weights: packed.floats,
                bias: bias.map { UnsafePointer($0.base) },
                input: source.base,
                input_image_stride: inputImageStride,
                input_pixel_stride: isPlanar ? 0 : inputPixelStride,
                residual: added.map { UnsafePointer($0.base) },
                residual_image_stride: residualImageStride,
                residual_pixel_stride: residualPixelStride,
                output: target.base,
                output_image_stride: outputImageStride,
                output_pixel_stride: outputPixelStride,
                images: base.images,
                unit_begin: part * units / parts,
                unit_end: (part + 1) * units / parts
            )
            kernel.run(&shape, layout, &call, scratch.base)
        }
        target.expectIntact()
        return betweenZeroed(target.values)
    }

    private func betweenZeroed(_ values: [Float]) -> [Float] {
        var output = values + [Float](repeating: 0, count: base.images * outputImageStride - values.count)
        var touched = 0
        for index in values.indices {
            let pixel = index % outputImageStride / outputPixelStride
            let channel = index % outputImageStride % outputPixelStride
            if pixel >= pixels || channel >= base.channels.output {
                touched += output[index].bitPattern == 0xFFA5_A5A5 ? 0 : 1
                output[index] = 0
            }
        }
        #expect(touched == 0, "written between the elements of \(self)")
        return output
    }
}

extension KernelLevel {
    func convolution(_ algorithm: picket_conv_algorithm) -> picket_conv_kernel {
        let all = table.convolutions
        return withUnsafeBytes(of: all) { bytes in
            bytes.bindMemory(to: UnsafePointer<picket_conv_kernel>.self)[Int(algorithm.rawValue)].pointee
        }
    }
}
