import CPicketKernels
import Testing

/// A convolution with channels-last output, with all its operands, and what comes out of it by plain loops.
///
/// `base` says everything but how the pictures lie; its `gap` stands between images.
struct PixelConvCase: CustomStringConvertible, Sendable {
    var base: ConvCase
    var layout = PICKET_LAYOUT_CHANNELS_LAST
    /// Floats between pixels beyond the channels.
    var inputGap = 0, outputGap = 0, residualGap = 0

    var description: String {
        "\(layout == PICKET_LAYOUT_PLANAR ? "planes" : "pixels") gaps \(inputGap) \(outputGap) \(residualGap): \(base)"
    }

    var pixels: Int { base.result.0 * base.result.1 }
    var isPlanar: Bool { layout == PICKET_LAYOUT_PLANAR }
    var inputPixelStride: Int { base.channels.input + (isPlanar ? 0 : inputGap) }
    var outputPixelStride: Int { base.channels.output + outputGap }
    var residualPixelStride: Int { base.channels.output + residualGap }
    var inputImageStride: Int { inputPixelStride * base.size.0 * base.size.1 + base.gap }
    var outputImageStride: Int { outputPixelStride * pixels + base.gap }
    var residualImageStride: Int { residualPixelStride * pixels + base.gap }
    var input: [Float] { Random.floats(base.images * inputImageStride, seed: base.seed + 1) }
    var residual: [Float]? {
        base.hasResidual ? Random.floats(base.images * residualImageStride, seed: base.seed + 3) : nil
    }

    /// Where a cell of the input stands.
    private func place(image: Int, channel: Int, row: Int, column: Int) -> Int {
        let pixel = row * base.size.1 + column
        return image * inputImageStride
            + (isPlanar ? channel * base.size.0 * base.size.1 + pixel : pixel * inputPixelStride + channel)
    }

    /// Visits the output's elements with their residual and the weight and cell of each tap, in the order of the sum:
    /// channels, then taps, for planes; taps, then channels, for channels-last pictures.
    func visit(
        _ body: (_ element: Int, _ bias: Float?, _ residual: Float?, _ taps: [(weight: Float, cell: Float)]) -> Void
    ) {
        let (weights, input, bias, residual) = (base.weights, input, base.bias, residual)
        let window = base.kernel.0 * base.kernel.1
        let (outer, inner) = isPlanar ? (base.groupChannels, window) : (window, base.groupChannels)
        var taps: [(weight: Float, cell: Float)] = []
        for image in 0..<base.images {
            for pixel in 0..<pixels {
                let (y, x) = (pixel / base.result.1, pixel % base.result.1)
                for channel in 0..<base.channels.output {
                    let first = channel / base.groupOutputs * base.groupChannels
                    taps.removeAll(keepingCapacity: true)
                    for index in 0..<outer * inner {
                        let (i, j) = (index / inner, index % inner)
                        let (inside, tap) = isPlanar ? (i, j) : (j, i)
                        let row = y * base.stride.0 + tap / base.kernel.1 * base.dilation.0 - base.padBegin.0
                        let column = x * base.stride.1 + tap % base.kernel.1 * base.dilation.1 - base.padBegin.1
                        let exists = 0..<base.size.0 ~= row && 0..<base.size.1 ~= column
                        taps.append(
                            (
                                weights[(channel * base.groupChannels + inside) * window + tap],
                                exists
                                    ? input[place(image: image, channel: first + inside, row: row, column: column)] : 0
                            )
                        )
                    }
                    body(
                        image * outputImageStride + pixel * outputPixelStride + channel,
                        bias?[channel],
                        residual?[image * residualImageStride + pixel * residualPixelStride + channel],
                        taps
                    )
                }
            }
        }
    }

    /// The exact convolution, in double precision; what is between the elements is 0.
    func exact() -> [Double] {
        var output = [Double](repeating: 0, count: base.images * outputImageStride)
        visit { element, bias, residual, taps in
            let sum = taps.reduce(Double(bias ?? 0)) { $0 + Double($1.weight) * Double($1.cell) }
            output[element] = activated(sum + Double(residual ?? 0), base.activation, base.alpha, base.beta)
        }
        return output
    }

    /// One float chain for each element, from the bias on, rounded as the level does, before the activation.
    func chained(_ level: KernelLevel) -> [Float] {
        var output = [Float](repeating: 0, count: base.images * outputImageStride)
        visit { element, bias, residual, taps in
            let sum = taps.reduce(bias ?? 0) { level.multiplyAdd($1.weight, $1.cell, $0) }
            output[element] = residual.map { sum + $0 } ?? sum
        }
        return output
    }
}
