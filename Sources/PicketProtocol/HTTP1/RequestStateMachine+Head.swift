public import NIOCore
public import NIOHTTP1

extension RequestStateMachine {
    /// The first byte, or a further one, of what will be a request's head.
    public mutating func bytesArrived(at now: NIODeadline) {
        if case .idle = state { state = .arriving(since: now) }
    }

    /// A request's line and headers.
    ///
    /// - Parameter reserve: asked before memory is taken for a body's first bytes; false refuses it.
    public mutating func head(
        _ head: HTTPRequestHead,
        at now: NIODeadline,
        models: some ModelDirectory,
        reserve: (_ byteCount: Int) -> Bool
    ) -> Action {
        switch state {
        case .idle, .arriving: break
        case .lingering, .closed: return .none
        case .receiving, .answering, .replying, .skipping:
            preconditionFailure("a request's head comes when the one before is done with")
        }
        let framing: BodyFraming
        do throws(Refusal) {
            framing = try BodyFraming(head)
        } catch {
            // Where the body ends cannot be known: nothing behind it can be trusted.
            return .reply(reply(HTTPReply(error), keepAlive: false, requestEnded: false, at: now))
        }
        do throws(Refusal) {
            let route = try Route(target: head.uri)
            if case .infer(let name, let version) = route {
                return try infer(head, framing, name: name, version: version, at: now, models, reserve)
            }
            let answer = try RequestStateMachine.answer(route, head, models)
            return early(answer, head, framing, at: now)
        } catch {
            var answer = HTTPReply(error)
            if error.reason == .methodNotAllowed {
                let isInference = (try? Route(target: head.uri))?.isInference ?? false
                answer.headers.add(name: "Allow", value: isInference ? "POST" : "GET, HEAD")
            }
            return early(answer, head, framing, at: now)
        }
    }

    /// Replies without waiting for the request's body, which is skipped where it is small and known to come.
    private mutating func early(
        _ answer: HTTPReply,
        _ head: HTTPRequestHead,
        _ framing: BodyFraming,
        at now: NIODeadline
    ) -> Action {
        // A sender that asked leave for its body may send it or not once refused: only closing is unambiguous.
        let isBounded = (framing.length ?? 0) <= limits.skippedBodyBytes && !framing.expectsContinue
        let keepAlive = head.isKeepAlive && isBounded && !framing.isUpgrade
        let isHead = head.method == .HEAD
        return .reply(reply(answer, keepAlive: keepAlive, requestEnded: false, isHead: isHead, at: now))
    }

    private mutating func infer(
        _ head: HTTPRequestHead,
        _ framing: BodyFraming,
        name: String,
        version: String?,
        at now: NIODeadline,
        _ models: some ModelDirectory,
        _ reserve: (Int) -> Bool
    ) throws(Refusal) -> Action {
        guard head.method == .POST else {
            throw Refusal(.methodNotAllowed, "method \(head.method.rawValue): inference expects POST")
        }
        let model = try RequestStateMachine.model(name, version, models)
        guard models.isReady else {
            throw Refusal(.unavailable, "model \(quoted(name)): not ready")
        }
        try framing.checkEncoding()
        let headerLength = try framing.inferenceHeaderLength()
        if let length = framing.length {
            guard length <= limits.bodyBytes else {
                throw Refusal(
                    .tooLarge,
                    "Content-Length \(length), expected at most \(limits.bodyBytes) bytes in one request"
                )
            }
        }
        // The rest is asked for as it comes: announcing much takes nothing from others.
        let first = min(framing.length ?? 0, Upload.firstBytes)
        guard reserve(first) else {
            throw Refusal(.busy, "no memory for \(first) bytes beside the requests in flight")
        }
        state = .receiving(
            Upload(
                model: model,
                headerLength: headerLength,
                keepAlive: head.isKeepAlive && !framing.isUpgrade,
                start: now,
                announced: framing.length,
                body: RequestBody(expecting: framing.length ?? 0),
                reserved: first
            )
        )
        return framing.expectsContinue ? .sendContinue : .none
    }

    private static func model(
        _ name: String,
        _ version: String?,
        _ models: some ModelDirectory
    ) throws(Refusal) -> ModelMetadata {
        guard let model = models.metadata(of: name) else {
            throw Refusal(.notFound, "model \(quoted(name)): not found")
        }
        guard version == nil || version == model.version else {
            throw Refusal(
                .notFound,
                "model \(quoted(name)): version \(quoted(version ?? "")) not found, it has \(quoted(model.version))"
            )
        }
        return model
    }

    private static func answer(
        _ route: Route,
        _ head: HTTPRequestHead,
        _ models: some ModelDirectory
    ) throws(Refusal) -> HTTPReply {
        guard head.method == .GET || head.method == .HEAD else {
            throw Refusal(.methodNotAllowed, "method \(head.method.rawValue): this path expects GET")
        }
        switch route {
        case .server: return .server(models.server)
        case .live: return .live()
        case .ready: return .ready(models.isReady)
        case .model(let name, let version): return .model(try model(name, version, models))
        case .modelReady(let name, let version):
            return .ready(models.isReady, model: try model(name, version, models).name)
        case .infer: preconditionFailure("inference has its own way")
        }
    }
}
