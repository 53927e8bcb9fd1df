import CPicketKernels
import Testing

/// A convolution with all its operands, and what comes out of it by plain loops.
struct ConvCase: CustomStringConvertible, Sendable {
    var images = 1, groups = 1
    /// Channels over all groups.
    var channels = (input: 1, output: 1)
    /// Height and width of each.
    var size = (5, 5), kernel = (3, 3), stride = (1, 1), dilation = (1, 1)
    var padBegin = (0, 0), padEnd = (0, 0)
    var activation = PICKET_ACTIVATION_NONE
    let alpha: Float = -0.4, beta: Float = 0.7
    var hasBias = true, hasResidual = false
    /// Floats from image to image beyond the image itself, in input, residual and output.
    var gap = 0
    var seed: UInt64 = 1

    /// Height and width of the output.
    var result: (Int, Int) {
        func length(_ size: Int, _ pad: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
            max(0, (size + pad - (kernel - 1) * dilation - 1) / stride + 1)
        }
        return (
            length(size.0, padBegin.0 + padEnd.0, kernel.0, stride.0, dilation.0),
            length(size.1, padBegin.1 + padEnd.1, kernel.1, stride.1, dilation.1)
        )
    }

    var shape: picket_conv2d {
        picket_conv2d(
            groups: groups,
            in_channels: channels.input,
            out_channels: channels.output,
            in_height: size.0,
            in_width: size.1,
            out_height: result.0,
            out_width: result.1,
            kernel_height: kernel.0,
            kernel_width: kernel.1,
            stride_height: stride.0,
            stride_width: stride.1,
            dilation_height: dilation.0,
            dilation_width: dilation.1,
            pad_top: padBegin.0,
            pad_left: padBegin.1,
            activation: activation,
            alpha: alpha,
            beta: beta
        )
    }

    var description: String {
        """
        \(images) × \(channels) in \(groups) groups, \(size) kernel \(kernel) stride \(stride) dilation \(dilation) \
        pads \(padBegin) \(padEnd) activation \(activation.rawValue) seed \(seed)
        """
    }

    var groupChannels: Int { channels.input / groups }
    var groupOutputs: Int { channels.output / groups }
    var inputStride: Int { channels.input * size.0 * size.1 + gap }
    var outputStride: Int { channels.output * result.0 * result.1 + gap }
    var weights: [Float] { Random.floats(channels.output * groupChannels * kernel.0 * kernel.1, seed: seed) }
    var input: [Float] { Random.floats(images * inputStride, seed: seed + 1) }
    var bias: [Float]? { hasBias ? Random.floats(channels.output, seed: seed + 2) : nil }
    var residual: [Float]? { hasResidual ? Random.floats(images * outputStride, seed: seed + 3) : nil }

    /// Visits the output's elements in order: with index, channel, and the weight and cell of each tap in ascending order.
    /// Cells outside of the input are 0.
    private func visit(_ body: (_ element: Int, _ channel: Int, _ taps: [(weight: Float, cell: Float)]) -> Void) {
        let (weights, input) = (weights, input)
        let window = kernel.0 * kernel.1
        for image in 0..<images {
            for channel in 0..<channels.output {
                let group = channel / groupOutputs
                let firstIn = group * groupChannels
                for y in 0..<result.0 {
                    for x in 0..<result.1 {
                        var taps: [(weight: Float, cell: Float)] = []
                        for tap in 0..<groupChannels * window {
                            let (i, j) = (tap % window / kernel.1, tap % kernel.1)
                            let row = y * stride.0 + i * dilation.0 - padBegin.0
                            let column = x * stride.1 + j * dilation.1 - padBegin.1
                            let isInside = 0..<size.0 ~= row && 0..<size.1 ~= column
                            let plane = image * inputStride + (firstIn + tap / window) * size.0 * size.1
                            taps.append(
                                (
                                    weights[channel * groupChannels * window + tap],
                                    isInside ? input[plane + row * size.1 + column] : 0
                                )
                            )
                        }
                        let element = image * outputStride + (channel * result.0 + y) * result.1 + x
                        body(element, channel, taps)
                    }
                }
            }
        }
    }

    /// The exact convolution, in double precision; images lie `outputStride` apart, what is between them is 0.
    func exact() -> [Double] {
        var output = [Double](repeating: 0, count: images * outputStride)
        let (bias, residual) = (bias, residual)
        visit { element, channel, taps in
            let sum = taps.reduce(0.0) { $0 + Double($1.weight) * Double($1.cell) }
            let added = sum + Double(bias?[channel] ?? 0) + Double(residual?[element] ?? 0)
            output[element] = activated(added, activation, alpha, beta)
        }
        return output
    }
}
