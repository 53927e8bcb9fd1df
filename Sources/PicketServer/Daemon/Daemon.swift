import Dispatch
import Glibc
public import Logging
public import PicketConfiguration
import PicketEvents
import PicketRuntime
import ServiceLifecycle

/// The daemon as a whole: everything that a configuration names, loaded, served, and let go again in the right order.
public struct Daemon: Sendable {
    let configuration: Configuration
    private let settings: ServerSettings
    let logger: Logger

    /// - Throws: a fault for each account that the machine does not know.
    public init(_ configuration: Configuration, logger: Logger) throws(ConfigurationFaults) {
        self.configuration = configuration
        self.logger = logger
        settings = try ServerSettings(configuration)
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Throws: ``ConfigurationFaults``, ``NotSound``, ``ListenFault``, or ``ReadinessService/NeverReady``.
    public func run() async throws {
        let hangUps = hangUpLog()
        defer { hangUps.cancel() }
        let events = EventQueue(sinks: try sinks(), burst: burst)
        let runtime = try await soundRuntime(events)
        let server = InferenceServer(settings, service: runtime, logger: logger)
        let readiness = ReadinessService(service: runtime, server: server, logger: logger)
        let announcement = Task {
            await server.waitUntilListening()
            if !Task.isCancelled { events.submit(lifecycleEvent(.started)) }
        }
        var group = ServiceGroupConfiguration(
            services: [
                .init(service: server),
                .init(service: readiness),
                .init(service: EventsWatch(events: events, logger: logger)),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        // A client that never lets go must not keep the daemon beyond its grace.
        group.maximumGracefulShutdownDuration = settings.grace + .seconds(5)
        let result: Result<Void, any Error>
        do {
            try await ServiceGroup(configuration: group).run()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        announcement.cancel()
        await announcement.value
        await runtime.close()
        events.submit(lifecycleEvent(.stopped))
        if await !events.close() {
            logger.error("events were lost at the end: a sink did not take them in time")
        }
        let counters = events.counters
        if counters.failed > 0 {
            logger.error("events did not reach their sinks", metadata: ["failed": "\(counters.failed)"])
        }
        logger.info(
            "stopped",
            metadata: [
                "requests": "\(runtime.figures.requests)", "flagged": "\(runtime.figures.flagged)",
                "events": "\(counters.submitted)", "dropped": "\(counters.dropped)", "failed": "\(counters.failed)",
            ]
        )
        try result.get()
    }

    /// Everything loaded, and found sound before the first client: a guard whose golden row comes out wrong serves nobody.
    ///
    /// Closes `events` where it throws.
    func soundRuntime(_ events: EventQueue) async throws -> GuardRuntime {
        do {
            let runtime = try GuardRuntime(configuration, events: events, logger: logger)
            guard case .failed(let reason) = await runtime.selfCheck() else { return runtime }
            await runtime.close()
            throw NotSound(description: reason)
        } catch {
            await events.close()
            throw error
        }
    }

    /// A hang-up asks for a reload, which this version does not have: it is said, and ends nothing.
    private func hangUpLog() -> any DispatchSourceSignal {
        signal(SIGHUP, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGHUP)
        let logger = logger
        source.setEventHandler { logger.warning("reload: not supported in this version") }
        source.resume()
        return source
    }

    private var burst: BurstLimit {
        BurstLimit(count: configuration.events.perPeer.count, per: configuration.events.perPeer.per)
    }

    private func sinks() throws(ConfigurationFaults) -> [any EventSink] {
        var sinks: [any EventSink] = []
        if configuration.events.journal { sinks.append(JournalSink()) }
        if let file = configuration.events.file {
            let sink = JSONLinesSink(path: file.resolved)
            if let code = sink.open() {
                throw ConfigurationFaults([
                    configuration.fault(
                        at: file.location,
                        value: "\(file.written): \(systemMessage(code))",
                        expected: "a file that can be appended to"
                    )
                ])
            }
            sinks.append(sink)
        }
        return sinks
    }

    private func lifecycleEvent(_ kind: EventKind) -> Event {
        var event = Event(kind)
        event.details = [
            "version": settings.version,
            "configuration": configuration.file,
            "models": configuration.chains.map(\.model).joined(separator: ","),
        ]
        return event
    }
}
