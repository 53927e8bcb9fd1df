/// What the queue does with each event, without locks, threads and clocks.
package struct EventQueueState: Sendable {
    /// One reading of both clocks.
    package struct Moment: Sendable {
        /// Since any fixed moment; never steps back.
        package var monotonic: Duration
        package var wall: Timestamp

        package init(monotonic: Duration, wall: Timestamp) {
            self.monotonic = monotonic
            self.wall = wall
        }
    }

    package enum Next: Equatable {
        case write([Event])
        /// Nothing to do until an event comes or, where given, this moment.
        case sleep(until: Duration?)
        /// All is written; nothing will come.
        case finish
    }

    private enum Phase {
        case open, closing, closed
    }

    private let capacity: Int
    private var burst: BurstLimit?
    private var phase = Phase.open
    private var pending: [Event] = []
    /// Events handed out for writing and not yet written; they count against the capacity.
    private var inFlight = 0
    /// Dropped and not yet told of.
    private var untold = 0
    /// Events accepted, and events of those written: a flush waits until the second has caught up with the first.
    private var accepted = 0
    private var completed = 0
    private var waiters: [(token: UInt64, target: Int)] = []
    package private(set) var counters = EventCounters()

    package init(capacity: Int, burst: BurstLimit?, sinkNames: [String]) {
        precondition(capacity > 0, "a queue holds something")
        self.capacity = capacity
        self.burst = burst
        counters.sinks = sinkNames.map { EventCounters.Sink(name: $0) }
    }

    /// Takes an event, drops it or counts it. Returns whether the writer is to be woken.
    package mutating func submit(_ event: Event, at now: Moment) -> Bool {
        counters.submitted += 1
        guard phase == .open else {
            counters.dropped += 1
            return false
        }
        if let peer = event.peer, case .suppressed(let opensWindow)? = burst?.admit(peer, at: now.monotonic) {
            counters.suppressed += 1
            // The writer may be asleep without an end: it has to learn when this is to be told.
            return opensWindow
        }
        guard pending.count + inFlight < capacity else {
            counters.dropped += 1
            untold += 1
            return false
        }
        pending.append(event)
        accepted += 1
        return pending.count == 1
    }

    /// What the writer does next. Call ``wrote(_:)`` after each `write`.
    package mutating func next(at now: Moment) -> Next {
        precondition(inFlight == 0, "the writer asked for more before it said what became of the last")
        var events = pending
        pending.removeAll(keepingCapacity: true)
        inFlight = events.count
        let isClosing = phase != .open
        for suppression in burst?.takeDue(at: isClosing ? nil : now.monotonic) ?? [] {
            events.append(event(for: suppression, at: now.wall))
        }
        if untold > 0 {
            var event = Event(.eventsDropped, at: now.wall)
            event.count = untold
            events.append(event)
            untold = 0
        }
        counters.own += events.count - inFlight
        if !events.isEmpty {
            return .write(events)
        }
        if isClosing {
            phase = .closed
            return .finish
        }
        return .sleep(until: burst?.nextDue)
    }

    /// Takes note of what each sink wrote of the last events, in the sinks' order; returns the flushes that are done.
    package mutating func wrote(_ results: [SinkResult]) -> [UInt64] {
        precondition(results.count == counters.sinks.count, "every sink says what became of the events")
        for (index, result) in results.enumerated() {
            counters.sinks[index].written += result.written
            counters.sinks[index].failed += result.failed
        }
        completed += inFlight
        inFlight = 0
        let done = waiters.filter { $0.target <= completed }.map(\.token)
        waiters.removeAll { $0.target <= completed }
        return done
    }

    /// Whether all that was accepted so far is written; where not, `token` comes back from ``wrote(_:)``.
    package mutating func flush(_ token: UInt64) -> Bool {
        guard completed < accepted else { return true }
        waiters.append((token: token, target: accepted))
        return false
    }

    /// No event is taken from now on; what is there is still written.
    package mutating func close() {
        if phase == .open {
            phase = .closing
        }
    }

    private func event(for suppression: BurstLimit.Suppression, at time: Timestamp) -> Event {
        var event = Event(.peerSuppressed, at: time)
        event.peer = suppression.peer
        event.count = suppression.count
        if let burst {
            let limit = "more than \(burst.count) events in \(burst.period)"
            event.reason = suppression.peer == nil ? "\(limit), peers beyond the first \(burst.capacity)" : limit
        }
        return event
    }
}
