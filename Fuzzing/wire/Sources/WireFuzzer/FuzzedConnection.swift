import NIOCore
import NIOHTTP1
import PicketProtocol

/// A connection whose replies leave at once and whose requests are answered with nothing.
struct FuzzedConnection {
    private static let limits: RequestLimits = {
        var limits = RequestLimits(bodyBytes: 4096, answer: .seconds(1))
        limits.skippedBodyBytes = 64
        return limits
    }()

    private var machine = RequestStateMachine(limits: limits, at: .uptimeNanoseconds(0))
    private var waiting: [HTTPServerRequestPart] = []
    private var now = NIODeadline.uptimeNanoseconds(0)
    private var reserved = 0

    mutating func take(_ part: HTTPServerRequestPart) {
        waiting.append(part)
        while machine.wantsInput, !waiting.isEmpty {
            now = now + .milliseconds(1)
            perform(step(waiting.removeFirst()))
        }
    }

    mutating func fail(_ error: HTTPParserError) {
        perform(machine.parserFailed(error, at: now))
    }

    mutating func end() {
        if machine.wantsInput { perform(machine.inputClosed(at: now)) }
        // Every state but the last has a deadline, and passes it.
        for _ in 0..<4 {
            guard let deadline = machine.deadline else { return }
            now = deadline
            perform(machine.timerFired(at: now))
        }
        precondition(machine.deadline == nil, "a connection that nobody feeds ends")
    }

    private mutating func step(_ part: HTTPServerRequestPart) -> RequestStateMachine.Action {
        var reserved = reserved
        defer { self.reserved = reserved }
        func reserve(_ count: Int) -> Bool {
            reserved += count
            return reserved < 1 << 20
        }
        switch part {
        case .head(let head):
            reserved = 0
            machine.bytesArrived(at: now)
            return machine.head(head, at: now, models: FuzzedModels(), reserve: reserve)
        case .body(let bytes): return machine.body(bytes, at: now, reserve: reserve)
        case .end: return machine.end(at: now)
        }
    }

    private mutating func perform(_ action: RequestStateMachine.Action) {
        switch action {
        case .none, .sendContinue, .linger, .close: break
        case .reply, .abandon: perform(machine.replyFlushed(at: now))
        case .answer(let exchange): perform(machine.answered(answer(exchange), to: exchange.serial, at: now))
        }
    }

    private func answer(_ exchange: RequestStateMachine.Exchange) -> HTTPReply {
        do throws(Refusal) {
            let decoder = InferRequestDecoder(model: exchange.model)
            let request = try decoder.decode(exchange.body, headerLength: exchange.headerLength) { byteCount in
                precondition(byteCount <= 8 * exchange.body.length, "tensors are bounded by what came in")
                return true
            }
            let reply = InferReply(
                model: exchange.model.name,
                version: exchange.model.version,
                id: request.id,
                outputs: request.inputs
            )
            return try reply.encoded(request.form) { $0 < 1 << 20 }
        } catch {
            precondition(!error.message.isEmpty, "a refusal says why")
            return HTTPReply(error)
        }
    }
}

/// Models of every kind of input.
struct FuzzedModels: ModelDirectory {
    let isReady = true
    let server = ServerMetadata(version: "0")

    func metadata(of model: String) -> ModelMetadata? {
        let inputs: [TensorMetadata]
        switch model {
        case "m": inputs = [TensorMetadata(name: "x", elementType: .float32, dimensions: [nil, 2])]
        case "n":
            inputs = [
                TensorMetadata(name: "b", elementType: .bool, dimensions: [nil, 2]),
                TensorMetadata(name: "i", elementType: .int8, dimensions: [nil]),
                TensorMetadata(name: "u", elementType: .uint64, dimensions: [nil, 1, 2]),
                TensorMetadata(name: "h", elementType: .float16, dimensions: [nil]),
            ]
        default: return nil
        }
        return ModelMetadata(name: model, version: "1", inputs: inputs, outputs: inputs, maximumRows: 16)
    }
}
