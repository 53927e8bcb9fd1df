/// The extents of a planar picture.
public struct PictureShape: Sendable, Hashable, CustomStringConvertible {
    public let channels: Int
    public let height: Int
    public let width: Int

    /// - Precondition: every extent is at least 1, and their product is in range.
    public init(channels: Int, height: Int, width: Int) {
        precondition(channels >= 1 && height >= 1 && width >= 1, "a picture's extents are 1 or more")
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Channels, height and width of a row; nil where it has not three extents.
    ///
    /// - Precondition: every extent is at least 1, and their product is in range.
    public init?(extents: some RandomAccessCollection<Int>) {
        guard extents.count == 3 else { return nil }
        let extents = Array(extents)
        self.init(channels: extents[0], height: extents[1], width: extents[2])
    }

    /// Pixels of one plane.
    public var pixelCount: Int { height * width }

    /// Numbers in all planes.
    public var elementCount: Int { channels * pixelCount }

    /// Whether the picture kernels can work on it: extents to 2^20, fewer than 2^31 numbers.
    var isInReach: Bool {
        max(height, width) <= 1 << 20 && elementCount < 1 << 31
    }

    public var description: String { "\(channels) × \(height) × \(width)" }
}
