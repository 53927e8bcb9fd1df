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

    func reply(to exchange: RequestStateMachine.Exchange, reservation: ByteReservation) async -> HTTPReply {
        do throws(Refusal) {
            let request = try await decode(exchange, reservation)
            let outcome = await service.infer(inferenceRequest(request, exchange))
            return try await encode(outcome, of: request, exchange.model)
        } catch {
            return HTTPReply(error)
        }
    }

    private func decode(
        _ exchange: RequestStateMachine.Exchange,
        _ reservation: ByteReservation
    ) async throws(Refusal) -> InferRequest {
        try await aside(ifLarge: exchange.body.length) { () throws(Refusal) in
            try InferRequestDecoder(model: exchange.model).decode(exchange.body, headerLength: exchange.headerLength) {
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
    ) async throws(Refusal) -> HTTPReply {
        switch outcome {
        case .answered(let answer):
            let reply = InferReply(answer, id: request.id, model: model)
            let bytes = reply.outputs.reduce(0) { $0 + $1.tensor.byteCount }
            return try await aside(ifLarge: bytes) { () throws(Refusal) in reply.encoded(request.form) }
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
