import Dispatch
import Foundation
import Synchronization

/// The way of events from the hot path to the sinks: bounded, and never in anybody's way.
///
/// Submitting takes a short lock and neither blocks nor waits; a thread of the queue's own writes to the sinks. What
/// finds the queue full is counted, and told in one event as soon as there is room. Close it before it is let go: its
/// thread holds it until then.
public final class EventQueue: Sendable {
    private struct Shared {
        var machine: EventQueueState
        var waiting: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        var lastToken: UInt64 = 0
        /// Token that is done when the writer has ended.
        var endWaiters: [UInt64] = []
        var hasEnded = false
    }

    private let shared: Mutex<Shared>
    private let sinks: [any EventSink]
    private let wake = DispatchSemaphore(value: 0)
    private let origin = ContinuousClock.now

    /// - Parameters:
    ///   - sinks: each gets every event, in this order.
    ///   - capacity: most events held, those being written among them.
    ///   - burst: most events of one peer; nil: no limit.
    public init(sinks: [any EventSink], capacity: Int = 4096, burst: BurstLimit? = nil) {
        self.sinks = sinks
        shared = Mutex(Shared(machine: EventQueueState(capacity: capacity, burst: burst, sinkNames: sinks.map(\.name))))
        let thread = Thread { [self] in writeUntilClosed() }
        thread.name = "picket-events"
        thread.stackSize = 512 << 10
        thread.start()
    }

    /// Hands over an event. Never blocks, never waits, never fails; what is lost is counted.
    public func submit(_ event: Event) {
        let event = event.bounded()
        let now = moment()
        if shared.withLock({ $0.machine.submit(event, at: now) }) {
            wake.signal()
        }
    }

    public var counters: EventCounters {
        shared.withLock { $0.machine.counters }
    }

    /// Waits until every event taken before this call is written, or `limit` has passed.
    ///
    /// - Returns: whether all were written (or counted as failed by their sinks).
    @discardableResult
    public func flush(within limit: Duration = .seconds(5)) async -> Bool {
        await wait(within: limit) { shared, token in shared.machine.flush(token) || shared.hasEnded }
    }

    /// Takes no more events, writes those that are there, closes the sinks.
    ///
    /// - Returns: whether all that was done within `limit`; a sink that hangs is left to itself.
    @discardableResult
    public func close(within limit: Duration = .seconds(5)) async -> Bool {
        await wait(within: limit) { shared, token in
            shared.machine.close()
            guard !shared.hasEnded else { return true }
            shared.endWaiters.append(token)
            return false
        }
    }

    private func wait(
        within limit: Duration,
        _ begin: @Sendable (inout sending Shared, UInt64) -> Bool
    ) async -> Bool {
        await withCheckedContinuation { continuation in
            let token: UInt64? = shared.withLock { shared in
                shared.lastToken += 1
                let token = shared.lastToken
                if begin(&shared, token) { return nil }
                shared.waiting[token] = continuation
                return token
            }
            wake.signal()
            guard let token else {
                continuation.resume(returning: true)
                return
            }
            Task { [self] in
                try? await Task.sleep(for: limit)
                resume([token], with: false)
            }
        }
    }

    /// Resumes those that still wait; a token that is done is done once.
    private func resume(_ tokens: [UInt64], with isDone: Bool) {
        let continuations = shared.withLock { shared in
            tokens.compactMap { shared.waiting.removeValue(forKey: $0) }
        }
        continuations.forEach { $0.resume(returning: isDone) }
    }

    private func writeUntilClosed() {
        while true {
            let now = moment()
            switch shared.withLock({ $0.machine.next(at: now) }) {
            case .write(let events):
                let results = sinks.map { $0.write(events) }
                resume(shared.withLock { $0.machine.wrote(results) }, with: true)
            case .sleep(until: nil):
                wake.wait()
            case .sleep(until: let due?):
                let span = max(.zero, due - now.monotonic)
                let nanoseconds = Int(min(span / .nanoseconds(1), 3.6e12))
                _ = wake.wait(timeout: .now() + .nanoseconds(nanoseconds))
            case .finish:
                sinks.forEach { $0.close() }
                resume(
                    shared.withLock { shared in
                        shared.hasEnded = true
                        return shared.endWaiters
                    },
                    with: true
                )
                return
            }
        }
    }

    private func moment() -> EventQueueState.Moment {
        .init(monotonic: origin.duration(to: .now), wall: .now())
    }
}
