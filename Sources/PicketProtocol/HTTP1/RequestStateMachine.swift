public import NIOCore
internal import NIOHTTP1

/// One HTTP/1.1 connection's requests, one after the other: what is read, refused, answered, waited for.
///
/// A value without I/O. Its owner feeds it what happens and does what the returned ``Action`` says; each member that
/// takes the time compares it with nothing but what it was given before. While ``wantsInput`` is false the owner keeps
/// parts of requests back: pipelined requests wait their turn.
public struct RequestStateMachine: Sendable {
    public enum Action: Sendable {
        case none
        /// Write `HTTP/1.1 100 Continue`.
        case sendContinue
        /// Write the reply, then call ``replyFlushed(at:)``.
        case reply(HTTPReply)
        /// Decode the body, run the model, then call ``answered(_:to:at:)``.
        case answer(Exchange)
        /// Tell whoever works on the answer that nobody waits for it, and write the reply.
        case abandon(HTTPReply)
        /// End the sending side, throw away what comes in, and keep time by ``deadline``.
        case linger
        /// Close the connection; whoever works on an answer is told that nobody waits for it.
        case close
    }

    /// A complete inference request.
    public struct Exchange: Sendable {
        /// Which of the connection's exchanges it is.
        public let serial: Int
        public let model: ModelMetadata
        public let body: RequestBody
        /// As its header says.
        public let headerLength: Int?
        /// When its last byte came.
        public let received: NIODeadline
    }

    enum State {
        /// Nothing of a request is here, and its sender may take so long for the first byte.
        case idle(since: NIODeadline, patience: TimeAmount)
        /// Bytes have come, not yet a whole head.
        case arriving(since: NIODeadline)
        /// The body of an inference request comes in.
        case receiving(Upload)
        /// An exchange is with the owner. `keepAlive` as the sender asked.
        case answering(serial: Int, keepAlive: Bool, received: NIODeadline)
        /// A reply is on its way out.
        case replying(Departure)
        /// A reply is out; the rest of its request comes in and is thrown away.
        case skipping(received: Int, since: NIODeadline)
        case lingering(since: NIODeadline)
        case closed
    }

    struct Upload {
        let model: ModelMetadata
        let headerLength: Int?
        let keepAlive: Bool
        let start: NIODeadline
        /// The body's length where it is known beforehand.
        let announced: Int?
        var body: RequestBody
        /// Bytes of memory asked for so far.
        var reserved: Int

        /// Asked for at once.
        static let firstBytes = 4096
    }

    struct Departure {
        var keepAlive: Bool
        /// Whether the request that it answers has come in whole.
        var requestEnded: Bool
        /// Bytes of body thrown away.
        var skipped = 0
        let since: NIODeadline
    }

    let limits: RequestLimits
    var state: State
    /// Exchanges begun so far: an abandoned one's answer may come while a later one is worked on.
    var exchanges = 0
    /// Set once: every reply from now on is the connection's last.
    var isDraining = false
    /// The sender will send no more.
    var inputEnded = false

    public init(limits: RequestLimits, at now: NIODeadline) {
        self.limits = limits
        state = .idle(since: now, patience: limits.head)
    }

    /// Whether parts of a request may be fed.
    public var wantsInput: Bool {
        switch state {
        case .idle, .arriving, .receiving, .skipping, .lingering: true
        case .answering, .closed: false
        case .replying(let departure): !departure.requestEnded
        }
    }

    /// Whether memory reserved for a request's body is still in use.
    public var holdsBody: Bool {
        switch state {
        case .receiving, .answering: true
        default: false
        }
    }

    /// Whether a reply is on its way out.
    public var isReplying: Bool {
        if case .replying = state { true } else { false }
    }

    /// When ``timerFired(at:)`` wants to be called, unless something else happens before.
    public var deadline: NIODeadline? {
        switch state {
        case .idle(let since, let patience): since + patience
        case .arriving(let since): since + limits.head
        case .receiving(let upload): limits.bodyDeadline(start: upload.start, received: upload.body.length)
        case .answering(_, _, let received): received + limits.answer
        case .replying(let departure): departure.since + limits.write
        case .skipping(let received, let since): limits.bodyDeadline(start: since, received: received)
        case .lingering(let since): since + limits.linger
        case .closed: nil
        }
    }

    /// Makes the reply the connection's next, and decides whether it is the last.
    mutating func reply(
        _ reply: HTTPReply,
        keepAlive: Bool,
        requestEnded: Bool,
        isHead: Bool = false,
        at now: NIODeadline
    ) -> HTTPReply {
        let keepAlive = keepAlive && !isDraining && !inputEnded
        state = .replying(Departure(keepAlive: keepAlive, requestEnded: requestEnded, since: now))
        var reply = reply
        reply.headers.replaceOrAdd(name: "Content-Length", value: String(reply.body.readableBytes))
        reply.headers.replaceOrAdd(name: "Connection", value: keepAlive ? "keep-alive" : "close")
        if isHead { reply.body.clear() }
        return reply
    }
}
