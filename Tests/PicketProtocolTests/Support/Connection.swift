import NIOCore
import NIOHTTP1
import PicketProtocol

/// A state machine on a clock that tests turn, with a budget, and its actions as short words.
struct Connection {
    var machine: RequestStateMachine
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    var models = Models()
    var room = Int.max
    var reserved = 0
    /// Of the exchange last asked for.
    var serial = 0

    static let limits: RequestLimits = {
        var limits = RequestLimits(bodyBytes: 1000, answer: .seconds(2))
        limits.skippedBodyBytes = 100
        limits.body = .seconds(10)
        limits.bodyBytesPerSecond = 10
        return limits
    }()

    init(limits: RequestLimits = Connection.limits) {
        machine = RequestStateMachine(limits: limits, at: now)
    }

    /// What the machine asked for: `reply 200`, `answer`, `close` …
    typealias Word = String

    mutating func head(
        _ method: HTTPMethod = .POST,
        _ uri: String = "/v2/models/sum/infer",
        version: HTTPVersion = .http1_1,
        _ headers: HTTPHeaders = [:]
    ) -> Word {
        machine.bytesArrived(at: now)
        var room = room
        var reserved = reserved
        let head = HTTPRequestHead(version: version, method: method, uri: uri, headers: headers)
        let action = machine.head(head, at: now, models: models) { Connection.reserve($0, &room, &reserved) }
        (self.room, self.reserved) = (room, reserved)
        return Connection.word(action)
    }

    mutating func body(_ count: Int) -> Word {
        var room = room
        var reserved = reserved
        let part = ByteBuffer(repeating: UInt8(ascii: "x"), count: count)
        let action = machine.body(part, at: now) { Connection.reserve($0, &room, &reserved) }
        (self.room, self.reserved) = (room, reserved)
        return Connection.word(action)
    }

    mutating func end() -> Word {
        let action = machine.end(at: now)
        if case .answer(let exchange) = action { serial = exchange.serial }
        return Connection.word(action)
    }

    mutating func answered() -> Word { answered(to: serial) }

    mutating func answered(to serial: Int) -> Word {
        Connection.word(machine.answered(HTTPReply(status: .ok), to: serial, at: now))
    }

    mutating func flushed() -> Word { Connection.word(machine.replyFlushed(at: now)) }
    mutating func inputClosed() -> Word { Connection.word(machine.inputClosed(at: now)) }
    mutating func drain() -> Word { Connection.word(machine.drain()) }
    mutating func parserFailed() -> Word { Connection.word(machine.parserFailed(.invalidHeaderToken, at: now)) }

    /// Lets time pass, then rings.
    mutating func wait(_ time: TimeAmount) -> Word {
        now = now + time
        return Connection.word(machine.timerFired(at: now))
    }

    /// A whole sound request up to its answer's departure.
    mutating func request() -> [Word] {
        [head(headers(length: 3)), body(3), end(), answered(), flushed()]
    }

    func headers(length: Int) -> HTTPHeaders { ["Content-Length": "\(length)"] }

    mutating func head(_ headers: HTTPHeaders) -> Word { head(.POST, "/v2/models/sum/infer", headers) }

    private static func reserve(_ count: Int, _ room: inout Int, _ reserved: inout Int) -> Bool {
        guard count <= room else { return false }
        room -= count
        reserved += count
        return true
    }

    private static func word(_ action: RequestStateMachine.Action) -> Word {
        switch action {
        case .none: "-"
        case .sendContinue: "continue"
        case .reply(let reply): "reply \(reply.status.code) \(reply.headers["Connection"].joined())"
        case .answer: "answer"
        case .abandon(let reply): "abandon \(reply.status.code)"
        case .linger: "linger"
        case .close: "close"
        }
    }
}
