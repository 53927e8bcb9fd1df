import Logging
import PicketEvents
import ServiceLifecycle

/// Says in the daemon's log when events do not reach their sinks: a full disk must not lose evidence in silence.
struct EventsWatch: Service {
    let events: EventQueue
    let logger: Logger
    var interval = Duration.seconds(10)

    func run() async throws {
        let (events, logger, interval) = (events, logger, interval)
        try? await cancelWhenGracefulShutdown {
            var told = EventCounters()
            while true {
                try await Task.sleep(for: interval)
                let now = events.counters
                if now.failed > told.failed || now.dropped > told.dropped {
                    logger.error(
                        "events were lost",
                        metadata: [
                            "failed": "\(now.failed - told.failed)", "dropped": "\(now.dropped - told.dropped)",
                        ]
                    )
                }
                told = now
            }
        }
    }
}
