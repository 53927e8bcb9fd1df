public import NIOCore

/// The bytes of a request's body while and after they come in, followed in memory by the padding that JSON is read with.
public struct RequestBody: Sendable {
    /// Longer bodies are never taken, whatever the configuration says: 1 GiB, well within what one buffer can hold.
    public static let maximumLength = 1 << 30

    /// Most bodies are no longer, and never moved while they grow.
    private static let firstLength = 64 * 1024

    private var buffer: ByteBuffer
    private var isSealed = false

    /// Bytes received.
    public private(set) var length = 0

    /// A body of which `expected` bytes are known to come; 0 where its length is not known beforehand.
    ///
    /// Takes memory for the first of them at once, for the rest as they come in: a claim costs its sender bytes.
    public init(expecting expected: Int, allocator: ByteBufferAllocator = ByteBufferAllocator()) {
        buffer = allocator.buffer(capacity: min(expected, RequestBody.firstLength) + JSONDocument.padding)
    }

    /// Adds what has come in, together no more than ``maximumLength``.
    public mutating func append(_ part: ByteBuffer) {
        precondition(!isSealed, "a complete body takes no more bytes")
        precondition(part.readableBytes <= RequestBody.maximumLength - length, "a body's owner keeps to its limit")
        length += part.readableBytes
        var part = part
        buffer.writeBuffer(&part)
    }

    /// Ends the body.
    public mutating func seal() {
        guard !isSealed else { return }
        buffer.writeRepeatingByte(UInt8(ascii: " "), count: JSONDocument.padding)
        isSealed = true
    }

    /// A complete body of these bytes.
    public init(_ bytes: some Collection<UInt8>) {
        self.init(expecting: bytes.count)
        append(ByteBuffer(bytes: bytes))
        seal()
    }

    /// The body and its padding. The pointer is valid for the call only.
    func withUnsafePaddedBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(Refusal) -> Result
    ) throws(Refusal) -> Result {
        precondition(isSealed, "a body is read when it is complete")
        // `withUnsafeReadableBytes` rethrows untyped: the outcome travels through it as a value.
        let outcome = buffer.withUnsafeReadableBytes { bytes -> Swift.Result<Result, Refusal> in
            do throws(Refusal) {
                return .success(try body(bytes))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
