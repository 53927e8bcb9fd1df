import CPicketABI

/// What a detector guards.
public struct Subject: Sendable, Hashable {
    /// What rows are.
    public enum Kind: Sendable, Hashable {
        /// Planar C × H × W pixels in 0...1, whatever layout and range the model wants.
        case image
        /// Numbers as the model takes them; no picture behind them.
        case tensor
    }

    /// What rows are.
    public let kind: Kind
    /// The extents of one row: C, H, W for an image.
    public let extents: Extents
    /// Whether every pixel is k/255 exactly.
    public let isOnByteGrid: Bool
    /// Classes of the served model.
    public let classCount: Int
    /// The served model's name in the configuration.
    public let model: String

    public init(kind: Kind, extents: Extents, isOnByteGrid: Bool, classCount: Int, model: String) {
        self.kind = kind
        self.extents = extents
        self.isOnByteGrid = isOnByteGrid
        self.classCount = classCount
        self.model = model
    }

    /// Reads the host's struct, whose pointers are valid for the call.
    init(_ subject: picket_subject) throws {
        switch subject.kind {
        case PICKET_SUBJECT_IMAGE: kind = .image
        case PICKET_SUBJECT_TENSOR: kind = .tensor
        default: throw DetectorFault.unsupported("rows of kind \(subject.kind), expected images (1) or tensors (2)")
        }
        extents = try Extents(rank: subject.rank, subject.extents)
        guard kind == .tensor || extents.count == 3 else {
            throw DetectorFault.invalid("an image row has \(extents.count) axes, expected C, H and W")
        }
        isOnByteGrid = subject.grid == 255
        classCount = Int(subject.class_count)
        model = String(subject.model)
    }
}
