/// A squeezer or transform as a configuration names it.
///
/// Some are the same for every row; others are *drawn*: what exactly happens comes from the row's random numbers.
public enum Transform: Sendable, Hashable {
    /// `{ bit-depth: 1 }`: bits a pixel, 1...8.
    case bitDepth(Int)
    /// `{ median: 2 }`: side of the window, 2...11.
    case median(Int)
    /// `{ jpeg: 75 }`: quality, 1...100.
    case jpeg(Int)
    /// `{ shift: 1 }` or `{ shift: [1, -2] }`: pixels to the right, and down; −64...64, not both 0.
    case shift(right: Int, down: Int)
    /// `{ rotate: 5 }`: degrees, −45...45, not 0.
    case rotate(Double)
    /// `{ random-rotate: 5 }`: degrees drawn uniformly from −limit...limit; limit over 0, up to 45.
    case randomRotate(Double)
    /// `{ resize-pad: 2 }`: size and place drawn, up to so many pixels smaller; 1...64.
    case resizePad(Int)

    /// Whether every row gets its own draw.
    public var isDrawn: Bool {
        switch self {
        case .bitDepth, .median, .jpeg, .shift, .rotate: false
        case .randomRotate, .resizePad: true
        }
    }

    /// What the variant is, in the words of the plugin guide: equal keys are equal pictures.
    public var key: String {
        switch self {
        case .bitDepth(let bits): "bit-depth:\(bits)"
        case .median(let side): "median:\(side)"
        case .jpeg(let quality): "jpeg:\(quality)"
        case .shift(let right, let down): "shift:\(right),\(down)"
        case .rotate(let degrees): "rotate:\(Transform.text(degrees))"
        case .randomRotate(let limit): "random-rotate:\(Transform.text(limit))"
        case .resizePad(let pixels): "resize-pad:\(pixels)"
        }
    }

    /// Whether rows of this shape can be transformed so.
    public func check(_ shape: PictureShape) throws(TransformFault) {
        switch self {
        case .jpeg where shape.channels != 1 && shape.channels != 3:
            throw TransformFault("\(key) needs pictures of 1 or 3 channels, rows are \(shape)")
        case .jpeg where max(shape.height, shape.width) > 65_500:
            throw TransformFault("\(key) needs pictures of at most 65500 pixels a side, rows are \(shape)")
        case .resizePad(let pixels) where pixels >= min(shape.height, shape.width):
            throw TransformFault("\(key) needs pictures of more than \(pixels) pixels a side, rows are \(shape)")
        default: break
        }
    }

    /// A number without needless zeros.
    private static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}
