public import Logging
public import PicketRuntime
public import ServiceLifecycle
internal import Synchronization

/// Tells the service manager how the daemon is: ready, alive, busy with what, leaving.
public final class ReadinessService: Service {
    private let manager: ServiceManager
    private let service: any InferenceService
    private let server: InferenceServer
    private let logger: Logger
    private let machine: Mutex<ReadinessStateMachine>

    public init(
        _ manager: ServiceManager = ServiceManager(),
        service: any InferenceService,
        server: InferenceServer,
        logger: Logger
    ) {
        self.manager = manager
        self.service = service
        self.server = server
        self.logger = logger
        machine = Mutex(ReadinessStateMachine(hasWatchdog: manager.watchdogInterval != nil))
    }

    /// The daemon's first self-check did not come out right.
    public struct NeverReady: Error, CustomStringConvertible {
        public let description: String
    }

    /// Checks and notifies until the daemon leaves.
    ///
    /// - Throws: ``NeverReady`` where the first self-check fails.
    public func run() async throws {
        try await withGracefulShutdownHandler {
            await server.waitUntilListening()
            try await cancelWhenGracefulShutdown { try await self.checkForever() }
        } onGracefulShutdown: {
            _ = self.act { $0.stopping() }
        }
    }

    /// Half of what the watchdog asks for, so that one late check does no harm; ten seconds where there is none, for
    /// the status line's sake.
    private var interval: Duration { manager.watchdogInterval.map { $0 / 2 } ?? .seconds(10) }

    private func checkForever() async throws {
        while !Task.isCancelled {
            if let reason = act(await check()) { throw NeverReady(description: reason) }
            let isAiling = machine.withLock { $0.isAiling }
            do {
                try await Task.sleep(for: isAiling ? interval / 8 : interval)
            } catch {
                return
            }
        }
    }

    /// A self-check that hangs never returns, and no WATCHDOG=1 follows: just what the watchdog is for.
    private func check() async -> (inout ReadinessStateMachine) -> ReadinessStateMachine.Action {
        do {
            try await server.waitForEventLoops()
        } catch {
            return { $0.failed("event loops: \(error)") }
        }
        switch await service.selfCheck() {
        case .passed:
            let status = statusLine()
            return { $0.passed(status: status) }
        case .failed(let reason):
            logger.error("self-check failed", metadata: ["reason": "\(reason)"])
            return { $0.failed(reason) }
        }
    }

    private func statusLine() -> String {
        let figures = service.figures
        let suspended =
            figures.suspendedPromises.isEmpty
            ? ""
            : "drift suspected, the promise is suspended for \(figures.suspendedPromises.joined(separator: ", ")); "
        return suspended
            + "\(figures.requests) requests, \(figures.rows) rows in \(figures.passes) passes, \(figures.flagged) flagged, "
            + "\(figures.refused) refused; \(figures.waitingRows) rows waiting, \(server.connectionCount) connections"
    }

    /// Steps the machine and sends what it says under one lock, so that notifications leave in the machine's order.
    ///
    /// - Returns: why the daemon never became ready.
    private func act(_ step: (inout ReadinessStateMachine) -> ReadinessStateMachine.Action) -> String? {
        machine.withLock { machine in
            switch step(&machine) {
            case .none: return nil
            case .notify(let assignments):
                manager.notify(assignments)
                return nil
            case .fail(let reason): return reason
            }
        }
    }
}
