extension Tensor {
    /// A tensor from the bytes of a NumPy `.npy` file (NEP 1): row-major, little-endian.
    ///
    /// - Throws: ``NpyFault`` naming what the file has and what was expected.
    public init(npy file: UnsafeRawBufferPointer) throws(NpyFault) {
        let header = try NpyHeader(parsing: file)
        let byteCount = header.shape.elementCount * header.elementType.byteCount
        let found = file.count - header.dataOffset
        guard found == byteCount else { throw .truncated(expected: header.dataOffset + byteCount, found: file.count) }
        do {
            try self.init(
                header.elementType,
                shape: header.shape,
                copying: UnsafeRawBufferPointer(rebasing: file[header.dataOffset...])
            )
        } catch {
            preconditionFailure("the byte count was compared above: \(error)")
        }
    }

    /// The bytes of a `.npy` file, version 1.0, as NumPy itself writes it.
    public func npyBytes() -> [UInt8] {
        NpyHeader(elementType: elementType, shape: shape, dataOffset: 0).encoded() + withUnsafeBytes { Array($0) }
    }
}

/// Why bytes are no `.npy` file that we read.
public enum NpyFault: Error, Hashable, CustomStringConvertible {
    /// The magic string is missing.
    case notNpy
    /// The file's size is not that of its header and elements.
    case truncated(expected: Int, found: Int)
    /// The header holds something else than expected.
    case header(String, expected: String)

    public var description: String {
        switch self {
        case .notNpy: "not a NumPy file: the first bytes are not \\x93NUMPY"
        case .truncated(let expected, let found): "a NumPy file of \(found) bytes, expected \(expected)"
        case .header(let found, let expected): "NumPy header has \(found), expected \(expected)"
        }
    }
}
