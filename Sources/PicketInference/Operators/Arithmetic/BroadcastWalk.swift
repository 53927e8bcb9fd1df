/// Walks ranges of a broadcast result in pieces that a kernel computes at once: rows of the two innermost axes, or a part of
/// one row.
struct BroadcastWalk: Sendable {
    struct Piece {
        /// The first element.
        var begin: Int
        /// Where that is: which row of all, and which element of it.
        var row: Int
        var column: Int
        /// Rows, and elements of each.
        var rows: Int
        var count: Int
    }

    /// How one operand is stretched over the result; offsets and strides are in elements.
    struct Operand: Sendable {
        /// From row to row, and from neighbour to neighbour in a row.
        let rowStride: Int
        let step: Int
        /// Of all axes where some lie outside the two innermost and rows lie at uneven distances.
        private let outer: (extents: [Int], strides: [Int])?

        init(extents: [Int], strides: [Int]) {
            let last = extents.count - 1
            step = strides[last]
            rowStride = last > 0 ? strides[last - 1] : 0
            let isEven = (1..<max(last, 1)).allSatisfy { strides[$0 - 1] == strides[$0] * extents[$0] }
            outer = last > 1 && !isEven ? (extents, strides) : nil
        }

        /// Where the operand's element for one of the result is.
        @inline(__always)
        func offset(row: Int, column: Int) -> Int {
            (outer == nil ? row * rowStride : start(ofRow: row)) + column * step
        }

        private func start(ofRow row: Int) -> Int {
            guard let outer else { return 0 }
            var (rest, offset) = (row, 0)
            for axis in stride(from: outer.extents.count - 2, through: 0, by: -1) {
                offset += rest % outer.extents[axis] * outer.strides[axis]
                rest /= outer.extents[axis]
            }
            return offset
        }
    }

    /// Elements of a row, and rows that lie at even distances.
    let count: Int
    let rows: Int

    /// - Parameter extents: of the result, as in a ``Broadcast``.
    init(extents: [Int]) {
        count = extents[extents.count - 1]
        rows = extents.count > 1 ? extents[extents.count - 2] : 1
    }

    /// As many whole rows at once as lie at even distances and in the range, else what of a row is in it.
    @inline(__always)
    func forEachPiece(_ elements: Range<Int>, _ body: (Piece) -> Void) {
        var begin = elements.lowerBound
        while begin < elements.upperBound {
            let (row, column) = begin.quotientAndRemainder(dividingBy: count)
            let rest = elements.upperBound - begin
            let isWhole = column == 0 && rest >= count
            let piece = Piece(
                begin: begin,
                row: row,
                column: column,
                rows: isWhole ? min(rows - row % rows, rest / count) : 1,
                count: isWhole ? count : min(count - column, rest)
            )
            body(piece)
            begin += piece.rows * piece.count
        }
    }
}

extension Broadcast {
    /// The operands as a walk finds them: the left one, and the right one.
    var operands: [BroadcastWalk.Operand] {
        [leftStrides, rightStrides].map { BroadcastWalk.Operand(extents: extents, strides: $0) }
    }

    /// Whether an operand has the result's elements, each at its place.
    ///
    /// - Parameter operand: 0 for the left one, 1 for the right one.
    func isWhole(_ operand: Int) -> Bool {
        let strides = operand == 0 ? leftStrides : rightStrides
        var step = 1
        for axis in extents.indices.reversed() {
            guard strides[axis] == step else { return false }
            step *= extents[axis]
        }
        return true
    }
}
