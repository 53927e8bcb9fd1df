internal import NIOCore
internal import NIOPosix
internal import PicketProtocol
internal import PicketRuntime

/// From a complete request to its reply: decode, ask the service, encode.
struct Answering: Sendable {
    let service: any InferenceService
    let server: ServerMetadata
    let budget: ByteBudget
    let peer: Peer
    /// For bodies and replies that would keep an event loop for long.
    let threads: NIOThreadPool
    let inlineBytes: Int
    let deadline: TimeAmount

    /// A reply, and the memory that it takes until it has left.
    struct Reply {
        let reply: HTTPReply
        var reservation: ByteReservation?
    }

    func reply(to exchange: RequestStateMachine.Exchange, reservation: ByteReservation) async -> Reply {
        do throws(Refusal) {
            let request = try await decode(exchange, reservation)
            let outcome = await service.infer(inferenceRequest(request, exchange))
            return try await encode(outcome, of: request, exchange.model)
        } catch {
            return Reply(reply: HTTPReply(error))
        }
    }

    private func decode(
        _ exchange: RequestStateMachine.Exchange,
        _ reservation: ByteReservation
    ) async throws(Refusal) -> InferRequest {
        let budget = budget
        return try await aside(ifLarge: exchange.body.length) { () throws(Refusal) in
            let (body, headerLength) = (exchange.body, exchange.headerLength)
            // Given back as soon as there are tensors.
            let reading = ByteReservation(budget)
            defer { withExtendedLifetime(reading) {} }
            let byteCount = InferRequestDecoder.readingBytes(of: body, headerLength: headerLength)
            guard reading.extend(by: byteCount) else {
                throw Refusal(.busy, "no memory for \(byteCount) bytes to read JSON beside the requests in flight")
            }
            return try InferRequestDecoder(model: exchange.model).decode(body, headerLength: headerLength) {
                reservation.extend(by: $0)
            }
        }
    }

    private func inferenceRequest(
        _ request: InferRequest,
        _ exchange: RequestStateMachine.Exchange
    ) -> InferenceRequest {
        let received = ContinuousClock.now - Duration(NIODeadline.now() - exchange.received)
        let patience = min(request.timeout ?? Duration(deadline), Duration(deadline))
        return InferenceRequest(
            id: request.id,
            model: exchange.model.name,
            inputs: request.inputs.map { NamedTensor(name: $0.name, tensor: $0.tensor) },
            outputs: request.outputs,
            peer: peer,
            received: received,
            deadline: received + patience
        )
    }

    private func encode(
        _ outcome: InferenceOutcome,
        of request: InferRequest,
        _ model: ModelMetadata
    ) async throws(Refusal) -> Reply {
        switch outcome {
        case .answered(let answer):
            let reply = InferReply(answer, id: request.id, model: model)
            let bytes = reply.outputs.reduce(0) { $0 + $1.tensor.byteCount }
            let reservation = ByteReservation(budget)
            let encoded = try await aside(ifLarge: bytes) { () throws(Refusal) in
                try reply.encoded(request.form) { reservation.extend(by: $0) }
            }
            return Reply(reply: encoded, reservation: reservation)
        case .rejected: throw .rejected(model: model.name, id: request.id)
        case .refused(let fault): throw Refusal(fault, id: request.id)
        }
    }

    /// Runs `body` here where it is about few bytes, else on a thread of its own.
    private func aside<Result: Sendable>(
        ifLarge byteCount: Int,
        _ body: @escaping @Sendable () throws(Refusal) -> Result
    ) async throws(Refusal) -> Result {
        guard byteCount > inlineBytes else { return try body() }
        do {
            return try await threads.runIfActive(body)
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(.unavailable, "the daemon is leaving")
        }
    }
}

extension Answering: ModelDirectory {
    var isReady: Bool { service.isReady }

    func metadata(of model: String) -> ModelMetadata? {
        service.model(named: model).map(ModelMetadata.init)
    }
}
