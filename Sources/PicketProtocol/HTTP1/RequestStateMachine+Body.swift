public import NIOCore
internal import NIOHTTP1

extension RequestStateMachine {
    /// A part of a request's body.
    ///
    /// - Parameter reserve: asked before memory is taken for what has come in; false refuses the request.
    public mutating func body(
        _ part: ByteBuffer,
        at now: NIODeadline,
        reserve: (_ byteCount: Int) -> Bool
    ) -> Action {
        switch state {
        case .receiving(var upload):
            let length = upload.body.length + part.readableBytes
            guard length <= limits.bodyBytes else {
                let refusal = Refusal(
                    .tooLarge,
                    "a body of more than \(limits.bodyBytes) bytes, expected at most as many"
                )
                return .reply(reply(HTTPReply(refusal), keepAlive: false, requestEnded: false, at: now))
            }
            if length > upload.reserved {
                // Growing by doubling asks seldom, and holds at most twice what has come.
                let most = upload.announced ?? limits.bodyBytes
                let wanted = max(length, min(max(2 * upload.reserved, length, Upload.firstBytes), most))
                guard reserve(wanted - upload.reserved) else {
                    let refusal = Refusal(.busy, "no memory for \(wanted) bytes beside the requests in flight")
                    let isBounded = upload.announced.map { $0 - length <= limits.skippedBodyBytes } ?? false
                    let keepAlive = upload.keepAlive && isBounded
                    return .reply(reply(HTTPReply(refusal), keepAlive: keepAlive, requestEnded: false, at: now))
                }
                upload.reserved = wanted
            }
            // The state must not share the buffer while it grows, or every part would copy all before it.
            state = .closed
            upload.body.append(part)
            state = .receiving(upload)
            return .none
        case .replying(var departure):
            departure.skipped += part.readableBytes
            if departure.skipped > limits.skippedBodyBytes { departure.keepAlive = false }
            state = .replying(departure)
            return .none
        case .skipping(let received, let since):
            let received = received + part.readableBytes
            guard received <= limits.skippedBodyBytes else {
                state = .lingering(since: now)
                return .linger
            }
            state = .skipping(received: received, since: since)
            return .none
        case .lingering, .closed: return .none
        case .idle, .arriving, .answering:
            preconditionFailure("a request's body comes behind its head")
        }
    }

    /// A request's end.
    public mutating func end(at now: NIODeadline) -> Action {
        switch state {
        case .receiving(var upload):
            exchanges += 1
            state = .answering(serial: exchanges, keepAlive: upload.keepAlive, received: now)
            upload.body.seal()
            return .answer(
                Exchange(
                    serial: exchanges,
                    model: upload.model,
                    body: upload.body,
                    headerLength: upload.headerLength,
                    received: now
                )
            )
        case .replying(var departure):
            departure.requestEnded = true
            state = .replying(departure)
            return .none
        case .skipping:
            state = .idle(since: now, patience: limits.idle)
            return drained()
        case .lingering:
            // The request is in, so that nothing unread can reset the connection under the reply.
            state = .closed
            return .close
        case .closed: return .none
        case .idle, .arriving, .answering:
            preconditionFailure("a request's end comes behind its head")
        }
    }

    /// The answer to the exchange `serial` is there; nobody waits for that of an exchange that was abandoned.
    public mutating func answered(_ answer: HTTPReply, to serial: Int, at now: NIODeadline) -> Action {
        guard case .answering(serial, let keepAlive, _) = state else { return .none }
        return .reply(reply(answer, keepAlive: keepAlive, requestEnded: true, at: now))
    }

    /// The reply has left for the sender.
    public mutating func replyFlushed(at now: NIODeadline) -> Action {
        guard case .replying(let departure) = state else { return .none }
        switch (departure.keepAlive && !isDraining, departure.requestEnded) {
        case (true, true):
            state = .idle(since: now, patience: limits.idle)
            return drained()
        case (true, false):
            state = .skipping(received: departure.skipped, since: now)
            return .none
        case (false, true):
            state = .closed
            return .close
        case (false, false):
            // Closing with unread input would reset the connection under the reply.
            state = .lingering(since: now)
            return .linger
        }
    }

    /// Closes a connection that has become idle, where its sender will send, or be served, no more.
    mutating func drained() -> Action {
        guard isDraining || inputEnded else { return .none }
        state = .closed
        return .close
    }
}
