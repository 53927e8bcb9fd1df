internal import NIOCore
internal import NIOHTTP1
internal import PicketProtocol

/// The first handler of a connection: tells from its first bytes which protocol it speaks and sets that up behind
/// itself; from then on lets bytes through, or throws them away once asked to.
final class ConnectionGate: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Fired down the pipeline before bytes that have come in.
    struct BytesArrived {}

    /// Triggered up the pipeline: what comes in from now on is nobody's.
    struct Discard {}

    private enum State {
        case sniffing(ProtocolSniffer, ByteBuffer)
        case passing
        /// Until the handlers behind close the connection.
        case discarding
        /// Until the other side has heard why, or the time for that is over; nobody is behind.
        case refused
    }

    private var state = State.sniffing(ProtocolSniffer(), ByteBuffer())
    private let patience: TimeAmount
    private let linger: TimeAmount
    private let setUpHTTP1: (ChannelPipeline.SynchronousOperations) throws -> Void
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - patience: for the bytes that decide.
    ///   - linger: how long a refused connection waits for its other side to end it.
    ///   - setUpHTTP1: adds the handlers of HTTP/1.1 at the pipeline's end.
    init(
        patience: TimeAmount,
        linger: TimeAmount,
        setUpHTTP1: @escaping (ChannelPipeline.SynchronousOperations) throws -> Void
    ) {
        self.patience = patience
        self.linger = linger
        self.setUpHTTP1 = setUpHTTP1
    }

    func channelActive(context: ChannelHandlerContext) {
        let loop = context.eventLoop.assumeIsolated()
        timer = loop.scheduleTask(in: patience) {
            if case .sniffing = self.state { context.close(promise: nil) }
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch state {
        case .passing:
            context.fireUserInboundEventTriggered(BytesArrived())
            context.fireChannelRead(wrapInboundOut(bytes))
        case .discarding, .refused: break
        case .sniffing(var sniffer, var seen):
            let verdict = sniffer.consume(bytes.readableBytesView)
            seen.writeBuffer(&bytes)
            switch verdict {
            case .undecided: state = .sniffing(sniffer, seen)
            case .http1: startHTTP1(context, seen)
            case .http2: refuseHTTP2(context)
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch (event, state) {
        case (is Connections.Drain, .sniffing), (is Connections.Drain, .refused):
            // A sender of no request, or of half a protocol's name, loses nothing; nor does one that has been refused.
            context.close(promise: nil)
        case (ChannelEvent.inputClosed, .sniffing), (ChannelEvent.inputClosed, .discarding),
            (ChannelEvent.inputClosed, .refused):
            context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is Discard else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        state = .discarding
        promise?.succeed()
    }

    private func startHTTP1(_ context: ChannelHandlerContext, _ seen: ByteBuffer) {
        timer?.cancel()
        state = .passing
        do {
            try setUpHTTP1(context.pipeline.syncOperations)
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
            return
        }
        context.fireUserInboundEventTriggered(BytesArrived())
        context.fireChannelRead(wrapInboundOut(seen))
        context.fireChannelReadComplete()
    }

    private func refuseHTTP2(_ context: ChannelHandlerContext) {
        state = .refused
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: linger) { context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(HTTP2Refusal.frames()), promise: nil)
        context.close(mode: .output, promise: nil)
    }
}
