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
