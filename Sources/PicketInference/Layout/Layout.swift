import PicketTensor

/// How the elements of a value lie in the arena of a pass.
///
/// ONNX's shapes say nothing else than ``plain``. Inside a plan pictures lie channels-last: a pixel's channels are
/// neighbours, so that a 1×1 convolution is a plain matrix product, the pixels of all rows of a batch are rows of one
/// matrix, everything else runs over channels, and one layout serves every vector width without padding.
package enum Layout: Sendable, Hashable {
    /// Row-major, as the shape says.
    case plain
    /// [N, C, …] with the channels innermost; they may be a slice of a wider picture's, with gaps between the pixels.
    case channelsLast
    /// The same without gaps.
    case channelsLastDense

    /// The layout that a value of this shape is kept under: ``plain`` wherever that is the same order.
    func canonical(_ shape: Shape) -> Layout {
        shape.rank < 3 || shape[1] == 1 || shape.pixels == 1 ? .plain : self
    }
}

extension Shape {
    /// Elements of one plane of [N, C, …].
    var pixels: Int { dimensions.dropFirst(2).reduce(1, *) }

    /// The extents with the channels innermost: [N, C, …] becomes […, C].
    var channelsLast: Shape {
        rank < 3 ? self : Shape([dimensions[0]] + dimensions[2...] + [dimensions[1]])
    }
}

/// In which layouts a node computes.
package struct LayoutChoice: Sendable {
    /// By operand; an operand that lies otherwise is brought there first.
    package var operands: [Layout]
    /// Of every result.
    package var result: Layout
}

/// An operator that computes on pictures channels-last.
package protocol PictureOperator: Operator {
    /// In which layouts to compute, given how the operands lie now; nil for all of them plain.
    ///
    /// All facts are concrete. `lying` is canonical: pictures of one channel or one pixel are plain.
    func choice(_ node: LoweredNode, lying: [Layout]) throws(OperatorFault) -> LayoutChoice?

    /// Appends the steps that compute the results in the layouts chosen.
    func lowerPictures(
        _ node: LoweredNode,
        _ choice: LayoutChoice,
        into builder: inout PlanBuilder
    )
        throws(OperatorFault)
}
