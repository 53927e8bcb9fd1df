import PicketTensor

/// What GatherElements and ScatterElements share: for each element of `indices`, the element of `data` at the same place
/// but for one axis, where the index says.
struct ElementSelection: Sendable {
    let axis: Int
    private let extents: [Int]
    private let strides: [Int]
    private let isWide: Bool
    private let limit: Int

    /// - Throws: where `indices` does not lie inside `data`.
    init(_ data: OperandFact, _ indices: OperandFact, axis given: Int) throws(OperatorFault) {
        axis = try normalised(axis: given, rank: data.shape.rank)
        isWide = try indices.isWideIndex()
        guard indices.shape.rank == data.shape.rank else {
            throw OperatorFault("indices have shape \(indices.shape), data \(data.shape): expected equal ranks")
        }
        for other in data.shape.dimensions.indices where other != axis && indices.shape[other] > data.shape[other] {
            throw OperatorFault("indices of \(indices.shape) reach outside data of \(data.shape) on axis \(other)")
        }
        extents = indices.shape.dimensions
        strides = data.shape.strides
        limit = data.shape[axis]
    }

    var count: Int { extents.reduce(1, *) }

    /// Calls `body` with each position in `indices` and the offset in `data` that it names.
    @inline(__always)
    func forEach(
        _ indices: UnsafeRawPointer,
        _ range: Range<Int>,
        _ body: (_ position: Int, _ offset: Int) -> Void
    ) throws(OperatorFault) {
        let reader = IndexReader(indices, isWide: isWide)
        var walk = BoxWalk(extents: extents, axes: extents.count, at: range.lowerBound)
        for position in range {
            var offset = try reader.index(at: position, below: limit, axis) * strides[axis]
            for other in extents.indices where other != axis { offset += walk[other] * strides[other] }
            body(position, offset)
            walk.advance(extents)
        }
    }
}

/// What GatherND and ScatterND share: the last axis of `indices` is a position in the outer axes of `data`.
struct BlockSelection: Sendable {
    /// Elements behind each position.
    let block: Int
    /// Positions in all.
    let count: Int
    /// Extents of the block.
    let blockExtents: [Int]
    private let depth: Int
    private let extents: [Int]
    private let strides: [Int]
    private let isWide: Bool
    /// Positions, and elements of data, for one entry of the batch axes.
    private let batchCount: Int
    private let batchStride: Int

    /// - Parameter batchAxes: leading axes that both share.
    init(_ data: OperandFact, _ indices: OperandFact, batchAxes: Int) throws(OperatorFault) {
        let (shape, places) = (data.shape, indices.shape)
        guard indices.elementType == .int64 else {
            throw OperatorFault("indices are \(indices.elementType), expected int64")
        }
        isWide = true
        guard shape.rank >= 1, places.rank >= 1, batchAxes >= 0, batchAxes < places.rank, batchAxes < shape.rank,
            shape.dimensions.prefix(batchAxes) == places.dimensions.prefix(batchAxes)
        else {
            throw OperatorFault("data of \(shape) and indices of \(places) do not share \(batchAxes) batch axes")
        }
        depth = places[places.rank - 1]
        guard depth >= 1, depth <= shape.rank - batchAxes else {
            throw OperatorFault("indices of \(places) name \(depth) axes of data of \(shape)")
        }
        extents = Array(shape.dimensions[batchAxes..<batchAxes + depth])
        strides = Array(shape.strides[batchAxes..<batchAxes + depth])
        blockExtents = Array(shape.dimensions[(batchAxes + depth)...])
        block = blockExtents.reduce(1, *)
        count = places.dimensions.dropLast().reduce(1, *)
        batchCount = places.dimensions.dropLast().dropFirst(batchAxes).reduce(1, *)
        batchStride = shape.dimensions[batchAxes...].reduce(1, *)
    }

    /// The offset in `data` of the block that a position names.
    @inline(__always)
    func offset(_ indices: UnsafeRawPointer, at position: Int) throws(OperatorFault) -> Int {
        let reader = IndexReader(indices, isWide: isWide)
        var offset = position / max(batchCount, 1) * batchStride
        for axis in 0..<depth {
            offset += try reader.index(at: position * depth + axis, below: extents[axis], axis) * strides[axis]
        }
        return offset
    }
}
