/// A transform with the number of its draw: one variant of a picture.
public struct PictureVariant: Sendable, Hashable {
    public let transform: Transform
    /// Counts the draws of one transform; 0 where it is not drawn.
    public let draw: Int

    public init(_ transform: Transform, draw: Int = 0) {
        self.transform = transform
        self.draw = draw
    }

    /// The key under which hosts share the variant: the transform's, and the draw's number where it is drawn.
    public var key: String { transform.isDrawn ? "\(transform.key)#\(draw)" : transform.key }

    /// The key in the letters that components' names have: `shift:1:0`, `noise:0.02`, `noise:0.02:draw-1`,
    /// `bit-depth:4--median:2`.
    public var label: String { transform.label + (draw > 0 ? ":draw-\(draw)" : "") }

    /// The longest key that hosts take.
    public static let keyLimit = 256

    /// Whether rows of this shape can be transformed so, and hosts take the key.
    public func check(_ shape: PictureShape) throws(TransformFault) {
        try transform.check(shape)
        guard key.utf8.count <= PictureVariant.keyLimit else {
            throw TransformFault(
                "\(key.prefix(40))… has \(key.utf8.count) characters in its key, expected \(PictureVariant.keyLimit) at most"
            )
        }
    }

    /// The variants of a list of transforms: a drawn one that is named again is another draw.
    ///
    /// - Throws: ``TransformFault`` where one is named twice that is not drawn.
    public static func list(_ transforms: [Transform]) throws(TransformFault) -> [PictureVariant] {
        var seen: [Transform: Int] = [:]
        var variants: [PictureVariant] = []
        for transform in transforms {
            let draw = seen[transform, default: 0]
            guard draw == 0 || transform.isDrawn else {
                throw TransformFault("found \(transform.key) twice, expected it once")
            }
            seen[transform] = draw + 1
            variants.append(PictureVariant(transform, draw: draw))
        }
        return variants
    }
}
