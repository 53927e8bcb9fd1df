/// A SHA-256 digest: 32 bytes.
public struct SHA256Digest: Sendable, Hashable, CustomStringConvertible {
    public static let byteCount = 32

    public let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        precondition(bytes.count == SHA256Digest.byteCount, "a SHA-256 digest has 32 bytes")
        self.bytes = bytes
    }

    /// The digest of bytes in memory.
    public init(of bytes: UnsafeRawBufferPointer) {
        let hasher = SHA256Hasher()
        hasher.update(bytes)
        self = hasher.finalize()
    }

    /// The digest of bytes in memory.
    public init(of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { SHA256Digest(of: $0) }
    }

    /// The digest of a text's UTF-8 bytes.
    public init(of text: String) {
        self.init(of: Array(text.utf8))
    }

    /// The digest of a regular file, read in parts of 1 MiB.
    ///
    /// - Throws: ``FileFault`` where it cannot be opened or read, or is no regular file.
    public init(ofFile path: String) throws(FileFault) {
        let hasher = SHA256Hasher()
        try RegularFile.read(path) { hasher.update($0) }
        self = hasher.finalize()
    }

    /// Lower-case hexadecimal, 64 digits.
    public var hex: String { Hexadecimal.encode(bytes) }

    public var description: String { hex }
}
