public import Logging
public import NIOCore
internal import NIOHTTP1
public import NIOPosix
internal import PicketProtocol
public import PicketRuntime
public import ServiceLifecycle
internal import Synchronization

/// Serves an ``InferenceService`` over Unix sockets until it is told to leave: then it accepts no more, finishes what
/// has begun within the grace period, and returns.
public final class InferenceServer: Service {
    private let settings: ServerSettings
    private let service: any InferenceService
    private let logger: Logger
    private let group: any EventLoopGroup
    private let threads: NIOThreadPool
    private let connections: Connections
    private let listening = OneShot()
    private let turnedAway = Mutex(RefusalTally<(peer: Peer, why: String)>(interval: .seconds(1)))

    /// Memory of requests in flight.
    public let budget: ByteBudget

    /// - Parameters:
    ///   - group: the event loops; the process's own by default, which outlives every task that still runs on it.
    ///   - threads: for decoding large requests beside the event loops.
    public init(
        _ settings: ServerSettings,
        service: any InferenceService,
        logger: Logger,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        threads: NIOThreadPool = .singleton
    ) {
        self.settings = settings
        self.service = service
        self.logger = logger
        self.group = group
        self.threads = threads
        budget = ByteBudget(limit: settings.bytesInFlight)
        connections = Connections(limit: settings.connections)
    }

    /// Connections open right now.
    public var connectionCount: Int { connections.count }

    /// Returns once every listener accepts connections, or the calling task is cancelled.
    public func waitUntilListening() async {
        await listening.wait()
    }

    /// Returns once each event loop has come round: proof that none is stuck.
    public func waitForEventLoops() async throws {
        for eventLoop in group.makeIterator() {
            try await eventLoop.submit {}.get()
        }
    }

    /// Binds the listeners and serves.
    ///
    /// - Throws: a ``ListenFault`` where a socket cannot be listened on.
    public func run() async throws {
        var files: [UnixSocketFile] = []
        var channels: [any Channel] = []
        defer { for file in files { file.remove() } }
        do {
            let inherited = try InheritedSockets()
            for listener in settings.listeners {
                let descriptor: Int32
                switch listener.endpoint {
                case .unix(let path, let mode):
                    let file = try UnixSocketFile(path: path, mode: mode)
                    files.append(file)
                    descriptor = file.descriptor
                    logger.info("listening", metadata: ["socket": "\(path)"])
                case .systemd(let name):
                    descriptor = try inherited.descriptor(named: name)
                    logger.info("listening", metadata: ["systemd": "\(name)"])
                }
                channels.append(try await bootstrap(listener).withBoundSocket(descriptor).get())
            }
        } catch {
            for channel in channels { try? await channel.close() }
            throw error
        }
        listening.fire()
        // Cancellation takes the same way out, without the grace.
        try? await gracefulShutdown()
        for channel in channels { try? await channel.close() }
        for file in files { file.remove() }
        await leave()
    }

    private func leave() async {
        connections.drain()
        let open = connections.count
        guard open > 0 else { return }
        logger.info("draining", metadata: ["connections": "\(open)", "grace": "\(settings.grace)"])
        let connections = connections
        let grace = settings.grace
        let drained = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await connections.waitUntilEmpty()
                return true
            }
            group.addTask {
                try? await Task.sleep(for: grace)
                return false
            }
            let drained = await group.next() ?? false
            group.cancelAll()
            // Those that are left are closed, which lets the other task end.
            connections.closeAll()
            return drained
        }
        if !drained { logger.warning("closed connections whose requests outlasted the grace period") }
    }

    private func bootstrap(_ listener: ServerSettings.Listener) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.setUp(channel, of: listener) }
            }
    }

    private func setUp(_ channel: any Channel, of listener: ServerSettings.Listener) throws {
        let limits = settings.requests
        let pipeline = channel.pipeline.syncOperations
        let credentials = try PeerCredentials(of: channel)
        let peer = credentials.peer
        if let refusal = refusal(of: channel, credentials, listener) {
            let refused = (peer, refusal.message)
            report(turnedAway.withLock { $0.refused(refused, at: .now()) }, channel.eventLoop)
            guard connections.admitToFarewell(channel) else { throw refusal }
            try pipeline.addHandler(FarewellHandler(refusal, linger: limits.linger))
            return
        }
        let answering = Answering(
            service: service,
            server: ServerMetadata(version: settings.version),
            budget: budget,
            peer: peer,
            threads: threads,
            inlineBytes: settings.inlineBytes,
            deadline: limits.answer
        )
        let executor = EventLoopExecutor(channel.eventLoop)
        try pipeline.addHandler(
            ConnectionGate(patience: limits.head, linger: limits.linger) { pipeline in
                try pipeline.addHTTP1(limits: limits, answering: answering, executor: executor)
            }
        )
    }
}

extension InferenceServer {
    /// Counts the connection in, or says why not.
    private func refusal(
        of channel: any Channel,
        _ credentials: PeerCredentials,
        _ listener: ServerSettings.Listener
    ) -> Refusal? {
        guard listener.access.admits(credentials.peer, groups: credentials.groups) else {
            return Refusal(.rejected, "user \(credentials.peer.uid): not among those whom this socket is for")
        }
        switch connections.admit(channel) {
        case .admitted: return nil
        case .full: return Refusal(.unavailable, "\(connections.limit) connections are open, as many as may be")
        case .leaving: return Refusal(.unavailable, "the daemon is leaving")
        }
    }

    /// Writes of those who are turned away, now or by a timer of `eventLoop`.
    private func report(_ action: RefusalTally<(peer: Peer, why: String)>.Action, _ eventLoop: any EventLoop) {
        switch action {
        case .none: break
        case .wait(let deadline):
            eventLoop.scheduleTask(deadline: deadline) {
                self.report(self.turnedAway.withLock { $0.rang(at: .now()) }, eventLoop)
            }
        case .write(let latest, let count):
            logger.notice(
                "turned peers away",
                metadata: [
                    "count": "\(count)", "uid": "\(latest.peer.uid)", "pid": "\(latest.peer.pid)",
                    "why": "\(latest.why)",
                ]
            )
        }
    }
}

extension ChannelPipeline.SynchronousOperations {
    fileprivate func addHTTP1(limits: RequestLimits, answering: Answering, executor: EventLoopExecutor) throws {
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = limits.headerFieldBytes
        decoder.maxHeaderListSize = limits.headerBytes
        decoder.maxHeaderFieldCount = limits.headerFields
        try addHandler(HTTPResponseEncoder())
        try addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoder)))
        try addHandler(RequestHandler(limits: limits, answering: answering, executor: executor))
    }
}
