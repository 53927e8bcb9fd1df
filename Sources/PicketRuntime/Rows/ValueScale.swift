import PicketConfiguration

/// One channel's way between a pixel in 0…1 and the number that stands for it: `number = pixel · scale + offset`.
struct ValueScale: Sendable, Hashable {
    var scale: Float
    var offset: Float

    static let identity = ValueScale(scale: 1, offset: 0)

    /// What clients send for each channel.
    static func served(_ input: ImageInput, channels: Int) -> [ValueScale] {
        switch input.sent {
        case .pixels: Array(repeating: ranged(input, mean: 0, deviation: 1), count: channels)
        case .normalised: normalised(input, channels: channels)
        }
    }

    /// What the model wants for each channel: mean subtracted, divided by the standard deviation.
    static func normalised(_ input: ImageInput, channels: Int) -> [ValueScale] {
        (0..<channels).map { channel in
            ranged(
                input,
                mean: perChannel(input.mean, channel) ?? 0,
                deviation: perChannel(input.standardDeviation, channel) ?? 1
            )
        }
    }

    private static func ranged(_ input: ImageInput, mean: Double, deviation: Double) -> ValueScale {
        let span = input.range.upperBound - input.range.lowerBound
        return ValueScale(scale: Float(span / deviation), offset: Float((input.range.lowerBound - mean) / deviation))
    }

    private static func perChannel(_ values: [Double], _ channel: Int) -> Double? {
        values.count == 1 ? values[0] : (channel < values.count ? values[channel] : nil)
    }
}
