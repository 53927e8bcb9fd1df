import CPicketKernels
import Testing

/// A convolution of `ConvCase` by one of the Winograd kernels, channels last.
struct WinogradCase: CustomStringConvertible, Sendable {
    enum Tile: Int, CaseIterable, Sendable {
        case two = 2
        case four = 4

        func kernel(_ level: KernelLevel) -> picket_conv_kernel {
            self == .two ? level.table.convolutions.2.pointee : level.table.convolutions.3.pointee
        }
    }

    var conv: ConvCase
    /// Floats from pixel to pixel beyond the channels, in input, residual and output.
    var widths = (input: 0, residual: 0, output: 0)

    init(
        images: Int = 1,
        channels: (Int, Int),
        size: (Int, Int),
        padBegin: (Int, Int) = (1, 1),
        padEnd: (Int, Int) = (1, 1),
        activation: picket_activation = PICKET_ACTIVATION_NONE,
        bias: Bool = true,
        residual: Bool = false,
        widths: (Int, Int, Int) = (0, 0, 0)
    ) {
        conv = ConvCase(
            images: images,
            channels: channels,
            size: size,
            padBegin: padBegin,
            padEnd: padEnd,
            activation: activation,
            hasBias: bias,
            hasResidual: residual
        )
        self.widths = widths
    }

    var description: String { "\(conv), pixels \(widths) apart" }

    /// What is written between pixels and images; no convolution computes it.
    static let gap: Float = -77

    /// Planar pictures with channels last, the floats between pixels filled with `gap`.
    private func interleaved(_ planar: [Float], _ channels: Int, _ pixels: Int, _ width: Int) -> [Float] {
        let pitch = channels + width
        var values = [Float](repeating: Self.gap, count: conv.images * pixels * pitch)
        for image in 0..<conv.images {
            for channel in 0..<channels {
                for pixel in 0..<pixels {
                    values[(image * pixels + pixel) * pitch + channel] =
                        planar[(image * channels + channel) * pixels + pixel]
                }
            }
        }
        return Array(values.dropLast(width))
    }

    /// The kernel's convolution, planar like `ConvCase.exact`; nil where something was written between pixels.
    ///
    /// - Parameters:
    ///   - cuts: ends of the calls' units, ascending; the last call ends with all units. Cuts beyond them do nothing.
    ///   - images: the part of the batch that is computed, as a batch of its own; the rest stays 0.
    ///   - input: planar, instead of the case's.
    func computed(
        _ level: KernelLevel,
        _ tile: Tile,
        side: GuardedFloats.Side = .end,
        cuts: [Int] = [],
        images: Range<Int>? = nil,
        input: [Float]? = nil
    ) -> [Float]? {
        let kernel = tile.kernel(level)
        var shape = conv.shape
        let layout = PICKET_LAYOUT_CHANNELS_LAST
        let (inPixels, outPixels) = (conv.size.0 * conv.size.1, conv.result.0 * conv.result.1)
        let (inChannels, outChannels) = conv.channels
        let weights = GuardedFloats(conv.weights, against: side)
        let packed = AlignedBytes(kernel.packed_bytes(&shape, layout))
        kernel.pack(&shape, layout, weights.base, packed.floats)
        let source = GuardedFloats(
            interleaved(input ?? conv.input, inChannels, inPixels, widths.input),
            against: side
        )
        let offsets = conv.bias.map { GuardedFloats($0, against: side) }
        let added = conv.residual.map {
            GuardedFloats(interleaved($0, outChannels, outPixels, widths.residual), against: side)
        }
        let nothing = [Float](repeating: 0, count: conv.images * outPixels * outChannels)
        let target = GuardedFloats(interleaved(nothing, outChannels, outPixels, widths.output), against: side)
        let part = images ?? 0..<conv.images
        let units = kernel.units(&shape, layout, part.count)
        var begin = 0
        for end in cuts.filter({ $0 < units }) + [units] {
            // Every call with scratch that holds NaN.
            let scratch = AlignedBytes(kernel.scratch_bytes(&shape, layout))
            let (inPitch, outPitch) = (inChannels + widths.input, outChannels + widths.output)
            let residualPitch = outChannels + widths.residual
            var call = picket_conv_call(
                packed_weights: packed.floats,
                bias: offsets.map { UnsafePointer($0.base) },
                input: source.base + part.lowerBound * inPixels * inPitch,
                input_image_stride: inPixels * inPitch,
                input_pixel_stride: inPitch,
                residual: added.map { UnsafePointer($0.base + part.lowerBound * outPixels * residualPitch) },
                residual_image_stride: outPixels * residualPitch,
                residual_pixel_stride: residualPitch,
                output: target.base + part.lowerBound * outPixels * outPitch,
                output_image_stride: outPixels * outPitch,
                output_pixel_stride: outPitch,
                images: part.count,
                unit_begin: begin,
                unit_end: end
            )
            kernel.run(&shape, layout, &call, scratch.base)
            begin = end
        }
        target.expectIntact()
        return planar(target.values, outChannels, outPixels)
    }

    private func planar(_ values: [Float], _ channels: Int, _ pixels: Int) -> [Float]? {
        var result = [Float](repeating: 0, count: conv.images * channels * pixels)
        for (index, value) in values.enumerated() {
            let (place, channel) = index.quotientAndRemainder(dividingBy: channels + widths.output)
            if channel < channels {
                result[(place / pixels * channels + channel) * pixels + place % pixels] = value
            } else if value != Self.gap {
                return nil
            }
        }
        return result
    }
}
