/// The variants that a detector makes of pictures of one shape, under numbers that serve as its tokens.
public struct PictureVariants: Sendable, Hashable {
    public let shape: PictureShape
    public let variants: [PictureVariant]

    /// - Throws: ``TransformFault`` where a transform does not suit the shape, or is named twice and not drawn.
    public init(_ transforms: [Transform], of shape: PictureShape) throws(TransformFault) {
        self.shape = shape
        variants = try PictureVariant.list(transforms)
        for variant in variants { try variant.check(shape) }
    }

    /// Names for components, one a variant: ``PictureVariant/label`` where it is at most `limit` characters, else `word` and
    /// the variant's place in the list, from 1.
    public func labels(limit: Int, otherwise word: String) -> [String] {
        variants.enumerated().map { index, variant in
            variant.label.utf8.count <= limit ? variant.label : "\(word)-\(index + 1)"
        }
    }

    /// Writes one variant of a picture.
    ///
    /// - Parameters:
    ///   - number: its place in ``variants``; comes from outside, so any number may.
    ///   - bits: 64 uniform bits a call; nil where there are no random numbers.
    /// - Throws: ``TransformFault`` where there is no such variant, a size is not the shape's, random numbers are missing, or
    ///   the operation fails.
    public func render(
        _ number: UInt64,
        source: Span<Float>,
        bits: (() -> UInt64)?,
        into destination: inout MutableSpan<Float>
    ) throws(TransformFault) {
        let size = shape.elementCount
        guard number < UInt64(variants.count), source.count == size, destination.count == size else {
            throw TransformFault(
                "no variant \(number) of \(variants.count) from \(source.count) to \(destination.count) numbers"
            )
        }
        let operation = try variants[Int(number)].transform.operation(for: shape, bits: bits)
        try operation.apply(to: source, shape: shape, into: &destination)
    }
}
