extension Tensor {
    /// Rows of a batch: its outermost extent.
    ///
    /// - Precondition: the tensor has an axis.
    public var rowCount: Int { shape[0] }

    /// Some rows of a batch, sharing its storage.
    ///
    /// - Precondition: the range lies inside the outermost extent.
    public func rows(_ range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "rows \(range) lie outside \(shape)")
        let rowBytes = shape.row.elementCount * elementType.byteCount
        return Tensor(
            elementType: elementType,
            shape: shape.withRows(range.count),
            storage: storage,
            byteOffset: byteOffset + range.lowerBound * rowBytes
        )
    }

    /// One row without the batch axis, sharing the storage.
    public func row(_ index: Int) -> Tensor {
        rows(index..<index + 1).reshaped(to: shape.row)
    }

    /// The same elements under another shape, sharing the storage.
    ///
    /// - Precondition: both shapes hold as many elements.
    public func reshaped(to shape: Shape) -> Tensor {
        precondition(shape.elementCount == self.shape.elementCount, "\(self.shape) does not reshape to \(shape)")
        return Tensor(elementType: elementType, shape: shape, storage: storage, byteOffset: byteOffset)
    }

    /// Batches of equal row shape and type, one below the other.
    ///
    /// - Precondition: there is one at least, and all agree.
    public static func concatenatingRows(_ parts: [Tensor]) -> Tensor {
        guard let first = parts.first else { preconditionFailure("no tensors to concatenate") }
        if parts.count == 1 { return first }
        let rows = parts.reduce(0) { $0 + $1.rowCount }
        var result = Tensor(zeros: first.elementType, shape: first.shape.withRows(rows))
        result.withUnsafeMutableBytes { destination in
            var offset = 0
            for part in parts {
                precondition(
                    part.elementType == first.elementType && part.shape.row == first.shape.row,
                    "rows of \(part.shape) do not go below rows of \(first.shape)"
                )
                part.withUnsafeBytes { source in
                    UnsafeMutableRawBufferPointer(rebasing: destination[offset...]).copyMemory(from: source)
                    offset += source.count
                }
            }
        }
        return result
    }
}
