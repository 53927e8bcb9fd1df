public import PicketTensor

/// What a chain guards: the served model, and what its canonical rows are.
public struct Subject: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        /// Planar C, H, W pixels in 0…1.
        case image
        /// Numbers as the model takes them.
        case tensor
    }

    /// The served model's name in the configuration.
    public var model: String
    public var kind: Kind
    /// The extents of one canonical row.
    public var rowShape: Shape
    /// Steps of the pixels' grid: 255 where every pixel is k/255, 0 where there is none.
    public var grid: Int
    /// The served model's classes; 0 where it is no classifier.
    public var classCount: Int

    public init(model: String, kind: Kind, rowShape: Shape, grid: Int, classCount: Int) {
        self.model = model
        self.kind = kind
        self.rowShape = rowShape
        self.grid = grid
        self.classCount = classCount
    }
}
