import CPicketKernels
import Testing

/// The bounds that `Winograd/points.inc` states, on activations after a ReLU (half of a normal distribution) and weights as
/// He et al. initialize them (Delving Deep into Rectifiers, 2015).
@Suite("The error of Winograd convolutions")
struct WinogradErrorTests {
    /// About normal: the sum of twelve uniform numbers.
    private static func normal(_ count: Int, seed: UInt64) -> [Float] {
        var random = Random(seed: seed)
        return (0..<count).map { _ in
            (0..<12).reduce(Float(-6)) { sum, _ in sum + Float.random(in: 0..<1, using: &random) }
        }
    }

    @Test("is bounded", arguments: KernelLevel.available, [64, 512])
    func bound(level: KernelLevel, channels: Int) {
        let (outputs, side) = (8, 10)
        let deviation = (2 / Float(9 * channels)).squareRoot()
        let weights = Self.normal(outputs * channels * 9, seed: 1).map { $0 * deviation }
        let input = Self.normal(side * side * channels, seed: 2).map { max(0, $0) }
        var exact = [Double](repeating: 0, count: side * side * outputs)
        for (place, index) in (0..<side * side).flatMap({ place in (0..<outputs).map { (place, $0) } }) {
            var sum = 0.0
            for tap in 0..<9 {
                let (y, x) = (place / side + tap / 3 - 1, place % side + tap % 3 - 1)
                guard 0..<side ~= y, 0..<side ~= x else {
                    continue
                }
                for channel in 0..<channels {
                    let cell = input[(y * side + x) * channels + channel]
                    sum += Double(weights[(index * channels + channel) * 9 + tap]) * Double(cell)
                }
            }
            exact[place * outputs + index] = sum
        }
        let greatest = exact.reduce(0) { max($0, abs($1)) }
        for (tile, bound) in [(WinogradCase.Tile.two, 1.5e-6), (.four, 5e-6)] {
            let kernel = tile.kernel(level)
            var shape = ConvCase(channels: (channels, outputs), size: (side, side), padBegin: (1, 1), padEnd: (1, 1))
                .shape
            let layout = PICKET_LAYOUT_CHANNELS_LAST
            let packed = AlignedBytes(kernel.packed_bytes(&shape, layout))
            let scratch = AlignedBytes(kernel.scratch_bytes(&shape, layout))
            kernel.pack(&shape, layout, weights, packed.floats)
            let (source, target) = (GuardedFloats(input), GuardedFloats(output: exact.count))
            var call = picket_conv_call(
                packed_weights: packed.floats,
                bias: nil,
                input: source.base,
                input_image_stride: source.count,
                input_pixel_stride: channels,
                residual: nil,
                residual_image_stride: 0,
                residual_pixel_stride: 0,
                output: target.base,
                output_image_stride: target.count,
                output_pixel_stride: outputs,
                images: 1,
                unit_begin: 0,
                unit_end: kernel.units(&shape, layout, 1)
            )
            kernel.run(&shape, layout, &call, scratch.base)
            expectClose(
                target.values,
                exact,
                tolerance: bound * greatest,
                "F(\(tile.rawValue)) over \(channels) channels"
            )
        }
    }
}
