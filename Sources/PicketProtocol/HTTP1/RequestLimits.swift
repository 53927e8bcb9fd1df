public import NIOCore

/// What a connection grants its sender: bytes and time.
public struct RequestLimits: Sendable, Hashable {
    /// Of a request's body; never above ``RequestBody/maximumLength``.
    public var bodyBytes: Int {
        didSet { bodyBytes = min(bodyBytes, RequestBody.maximumLength) }
    }

    /// Of a request's line and headers together.
    public var headerBytes = 32 * 1024

    /// Of one header, or of the request's target.
    public var headerFieldBytes = 8 * 1024

    /// Headers of one request.
    public var headerFields = 64

    /// Of a body that a reply did not wait for: up to here it is read and thrown away and the connection lives on,
    /// beyond it ends.
    public var skippedBodyBytes = 64 * 1024

    /// From a request's first byte, or from the connection's begin, to the end of its headers.
    public var head = TimeAmount.seconds(10)

    /// Between a reply and the next request's first byte.
    public var idle = TimeAmount.seconds(60)

    /// A body may take this long, and one second more for every ``bodyBytesPerSecond`` that have come.
    public var body = TimeAmount.seconds(10)

    /// The slowest sender that is waited for.
    public var bodyBytesPerSecond = 64 * 1024

    /// From a request's last byte to its answer.
    public var answer: TimeAmount

    /// For a reply to be taken.
    public var write = TimeAmount.seconds(30)

    /// How long a connection that is ended early still reads, so that its sender sees the reply.
    public var linger = TimeAmount.seconds(1)

    public init(bodyBytes: Int, answer: TimeAmount) {
        self.bodyBytes = min(bodyBytes, RequestBody.maximumLength)
        self.answer = answer
    }

    /// When a body of which `received` bytes have come, and which began at `start`, is too slow.
    func bodyDeadline(start: NIODeadline, received: Int) -> NIODeadline {
        let seconds = received / max(bodyBytesPerSecond, 1)
        return start + body + .seconds(Int64(seconds))
    }
}
