public import NIOCore
public import NIOHTTP1

extension RequestStateMachine {
    /// The sender has ended its side, and may still read. Comes behind all that the sender has sent before.
    public mutating func inputClosed(at now: NIODeadline) -> Action {
        inputEnded = true
        switch state {
        case .idle, .arriving, .skipping, .lingering:
            state = .closed
            return .close
        case .receiving(let upload):
            let refusal = Refusal.malformed("the body ended after \(upload.body.length) bytes, expected more")
            let answer = reply(HTTPReply(refusal), keepAlive: false, requestEnded: true, at: now)
            return .reply(answer)
        case .replying(var departure):
            departure.requestEnded = true
            departure.keepAlive = false
            state = .replying(departure)
            return .none
        case .answering, .closed: return .none
        }
    }

    /// What came in is not HTTP.
    public mutating func parserFailed(_ error: HTTPParserError, at now: NIODeadline) -> Action {
        switch state {
        case .idle, .arriving, .receiving:
            let answer = reply(HTTPReply(Refusal(error)), keepAlive: false, requestEnded: false, at: now)
            return .reply(answer)
        case .replying(var departure):
            departure.keepAlive = false
            state = .replying(departure)
            return .none
        case .skipping:
            state = .lingering(since: now)
            return .linger
        case .answering, .lingering, .closed: return .none
        }
    }

    /// The ``deadline`` may have passed.
    public mutating func timerFired(at now: NIODeadline) -> Action {
        guard let deadline, now >= deadline else { return .none }
        switch state {
        case .idle, .lingering, .replying, .skipping:
            state = .closed
            return .close
        case .arriving:
            let refusal = Refusal(.tooSlow, "no complete request after \(limits.head.milliseconds) ms")
            return .reply(reply(HTTPReply(refusal), keepAlive: false, requestEnded: false, at: now))
        case .receiving(let upload):
            let refusal = Refusal(
                .tooSlow,
                "\(upload.body.length) bytes of body after \((now - upload.start).milliseconds) ms, expected at least \(limits.bodyBytesPerSecond) a second"
            )
            return .reply(reply(HTTPReply(refusal), keepAlive: false, requestEnded: false, at: now))
        case .answering(_, let keepAlive, _):
            let refusal = Refusal(.deadlinePassed, "no answer after \(limits.answer.milliseconds) ms")
            return .abandon(reply(HTTPReply(refusal), keepAlive: keepAlive, requestEnded: true, at: now))
        case .closed: return .none
        }
    }

    /// The daemon is leaving: what is begun is finished, nothing more is begun.
    public mutating func drain() -> Action {
        isDraining = true
        switch state {
        case .idle: return drained()
        case .arriving, .receiving, .answering, .replying, .skipping, .lingering, .closed: return .none
        }
    }

    /// The connection is gone.
    ///
    /// - Returns: whether somebody works on an answer, and should be told.
    public mutating func closed() -> Bool {
        defer { state = .closed }
        if case .answering = state { return true }
        return false
    }
}

extension TimeAmount {
    fileprivate var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
