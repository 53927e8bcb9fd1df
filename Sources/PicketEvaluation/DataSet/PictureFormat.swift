/// The pictures that a model takes, as far as reading them from files needs it.
public struct PictureFormat: Sendable, Hashable {
    /// 1 (grey) or 3 (RGB).
    public var channels: Int
    /// Pixels from top to bottom.
    public var height: Int
    /// Pixels from left to right.
    public var width: Int
    /// Whether the channels of a pixel lie beside each other in the model's served layout (NHWC).
    public var channelsLast: Bool

    public init(channels: Int, height: Int, width: Int, channelsLast: Bool) {
        self.channels = channels
        self.height = height
        self.width = width
        self.channelsLast = channelsLast
    }
}
