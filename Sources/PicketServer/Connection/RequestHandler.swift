internal import NIOCore
internal import NIOHTTP1
internal import PicketProtocol
internal import PicketRuntime

/// Runs one HTTP/1.1 connection: feeds ``RequestStateMachine`` what happens and does what it says.
final class RequestHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What waits while the machine wants no input, in the order it came.
    private enum Event {
        case part(HTTPServerRequestPart)
        case parserFailed(HTTPParserError)
        case inputClosed
    }

    private var machine: RequestStateMachine
    private let answering: Answering
    private let executor: any TaskExecutor

    private var waiting = CircularBuffer<Event>(initialCapacity: 4)
    private var isReadHeldBack = false
    private var isPumping = false
    /// Memory of the request that is coming in or being answered.
    private var reservation: ByteReservation?
    /// Memory of the reply that is on its way out.
    private var departing: ByteReservation?
    /// Who works on the answer to which exchange.
    private var work: (serial: Int, task: Task<Void, Never>)?
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?

    init(limits: RequestLimits, answering: Answering, executor: any TaskExecutor) {
        machine = RequestStateMachine(limits: limits, at: .now())
        self.answering = answering
        self.executor = executor
    }

    func handlerAdded(context: ChannelHandlerContext) {
        keepTime(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if machine.closed() { abandon() }
        settle(context)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        waiting.append(.part(unwrapInboundIn(data)))
        pump(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ConnectionGate.BytesArrived:
            machine.bytesArrived(at: .now())
            keepTime(context)
        case ChannelEvent.inputClosed:
            waiting.append(.inputClosed)
            pump(context)
        case is Connections.Drain:
            perform(machine.drain(), context)
            settle(context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError {
            waiting.append(.parserFailed(error))
            pump(context)
        } else {
            // The connection broke: there is nobody to tell.
            context.close(promise: nil)
        }
    }

    /// While an answer is worked on nothing more is taken from the socket, so that pipelined requests cost no memory.
    func read(context: ChannelHandlerContext) {
        if machine.wantsInput {
            context.read()
        } else {
            isReadHeldBack = true
        }
    }

    /// Feeds the machine as much of what waits as it wants. Not re-entered: what a step sets off is seen by the loop.
    private func pump(_ context: ChannelHandlerContext) {
        guard !isPumping else { return }
        isPumping = true
        while machine.wantsInput, let event = waiting.popFirst() {
            perform(step(event, at: .now()), context)
        }
        isPumping = false
        settle(context)
    }

    private func step(_ event: Event, at now: NIODeadline) -> RequestStateMachine.Action {
        switch event {
        case .part(.head(let head)):
            let reservation = ByteReservation(answering.budget)
            self.reservation = reservation
            return machine.head(head, at: now, models: answering) { reservation.extend(by: $0) }
        case .part(.body(let part)):
            let reservation = reservation
            return machine.body(part, at: now) { reservation?.extend(by: $0) ?? false }
        case .part(.end): return machine.end(at: now)
        case .parserFailed(let error): return machine.parserFailed(error, at: now)
        case .inputClosed: return machine.inputClosed(at: now)
        }
    }

    private func perform(_ action: RequestStateMachine.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .none: break
        case .sendContinue:
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        case .answer(let exchange): answer(exchange, context)
        case .reply(let reply): write(reply, context)
        case .abandon(let reply):
            abandon()
            write(reply, context)
        case .linger:
            context.triggerUserOutboundEvent(ConnectionGate.Discard(), promise: nil)
            context.close(mode: .output, promise: nil)
        case .close:
            abandon()
            context.close(promise: nil)
        }
    }

    private func answer(_ exchange: RequestStateMachine.Exchange, _ context: ChannelHandlerContext) {
        guard let reservation else { preconditionFailure("a request that came in has a reservation") }
        let answering = answering
        let eventLoop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: eventLoop)
        let serial = exchange.serial
        // The task runs on this event loop but for what the service moves to its own threads: one hop there, one back.
        let task = Task(executorPreference: executor) {
            let reply = await answering.reply(to: exchange, reservation: reservation)
            if eventLoop.inEventLoop {
                let (handler, context) = bound.value
                handler.finish(serial, reply, context)
            } else {
                eventLoop.execute {
                    let (handler, context) = bound.value
                    handler.finish(serial, reply, context)
                }
            }
        }
        work = (serial, task)
    }

    /// Tells whoever works on an answer that nobody waits for it.
    private func abandon() {
        work?.task.cancel()
        work = nil
    }

    private func finish(_ serial: Int, _ answer: Answering.Reply, _ context: ChannelHandlerContext) {
        // An abandoned exchange's answer may come behind the next exchange's begin.
        if work?.serial == serial { work = nil }
        let action = machine.answered(answer.reply, to: serial, at: .now())
        if case .reply = action { departing = answer.reservation }
        perform(action, context)
        pump(context)
    }

    private func write(_ reply: HTTPReply, _ context: ChannelHandlerContext) {
        let head = HTTPResponseHead(version: .http1_1, status: reply.status, headers: reply.headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if reply.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(reply.body))), promise: nil)
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess {
            self.perform(self.machine.replyFlushed(at: .now()), context)
            self.pump(context)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    /// Brings memory, reading and time in line with the machine's state.
    private func settle(_ context: ChannelHandlerContext) {
        if !machine.holdsBody { reservation = nil }
        if !machine.isReplying { departing = nil }
        if machine.wantsInput, isReadHeldBack, context.channel.isActive {
            isReadHeldBack = false
            context.read()
        }
        keepTime(context)
    }

    /// Keeps one timer that rings no later than the machine's deadline; most deadlines move before it rings.
    private func keepTime(_ context: ChannelHandlerContext) {
        guard let deadline = machine.deadline else {
            timer?.task.cancel()
            timer = nil
            return
        }
        if let timer, timer.deadline <= deadline { return }
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.timer = nil
            self.perform(self.machine.timerFired(at: .now()), context)
            self.pump(context)
        }
        timer = (deadline, task)
    }
}
