import PicketEvents
import Testing

@Suite struct StateMachineTests {
    private func moment(_ seconds: Int) -> EventQueueState.Moment {
        .init(monotonic: .seconds(seconds), wall: Timestamp(microseconds: Int64(seconds) * 1_000_000))
    }

    private func machine(capacity: Int = 4, burst: BurstLimit? = nil) -> Driven {
        Driven(EventQueueState(capacity: capacity, burst: burst, sinkNames: ["a", "b"]))
    }

    private func event(_ row: Int, peer: Peer? = nil) -> Event {
        var event = Event(.flagged, at: Samples.time)
        event.row = row
        event.peer = peer
        return event
    }

    private func written(_ next: EventQueueState.Next) -> [Event] {
        guard case .write(let events) = next else {
            Issue.record("expected events to write, got \(next)")
            return []
        }
        return events
    }

    @Test func wakesTheWriterForTheFirstEventOnly() {
        let machine = machine()
        #expect(machine.next(at: moment(0)) == .sleep(until: nil))
        #expect(machine.submit(event(0), at: moment(0)))
        #expect(!machine.submit(event(1), at: moment(0)))
        #expect(written(machine.next(at: moment(0))).map(\.row) == [0, 1])
        #expect(machine.submit(event(2), at: moment(0)))
        _ = machine.wrote([.init(written: 2, failed: 0), .init(written: 1, failed: 1)])
        #expect(machine.counters.sinks.map(\.written) == [2, 1])
        #expect(machine.counters.sinks.map(\.failed) == [0, 1])
    }

    @Test func aFullQueueDropsAndSaysSoOnce() {
        let machine = machine(capacity: 4)
        for row in 0..<7 { _ = machine.submit(event(row), at: moment(0)) }
        let first = written(machine.next(at: moment(1)))
        #expect(first.map(\.kind) == [.flagged, .flagged, .flagged, .flagged, .eventsDropped])
        #expect(first.compactMap(\.row) == [0, 1, 2, 3])
        #expect(first.last?.count == 3)
        #expect(first.last?.timestamp == moment(1).wall)
        // What is being written still takes its place.
        for row in 7..<9 { _ = machine.submit(event(row), at: moment(1)) }
        #expect(machine.counters.dropped == 5)
        _ = machine.wrote([.init(written: 5, failed: 0), .init(written: 5, failed: 0)])
        #expect(machine.submit(event(9), at: moment(1)))
        let second = written(machine.next(at: moment(2)))
        #expect(second.map(\.kind) == [.flagged, .eventsDropped])
        #expect(second.last?.count == 2)
        _ = machine.wrote([.init(written: 2, failed: 0), .init(written: 2, failed: 0)])
        #expect(machine.next(at: moment(3)) == .sleep(until: nil))
        let counters = machine.counters
        #expect(counters.submitted == 10 && counters.dropped == 5 && counters.own == 2 && counters.suppressed == 0)
        #expect(counters.sinks.allSatisfy { $0.written + $0.failed == 10 + 2 - 5 })
    }

    @Test func aBurstIsToldWhenItsWindowEnds() {
        let machine = machine(capacity: 100, burst: BurstLimit(count: 2, per: .seconds(1), window: .seconds(10)))
        #expect(machine.submit(event(0, peer: Samples.peer), at: moment(0)))
        #expect(!machine.submit(event(1, peer: Samples.peer), at: moment(0)))
        // The writer learns when to tell: with the first suppressed event only.
        #expect(machine.submit(event(2, peer: Samples.peer), at: moment(0)))
        #expect(!machine.submit(event(3, peer: Samples.peer), at: moment(0)))
        _ = machine.submit(event(4), at: moment(0))
        #expect(written(machine.next(at: moment(0))).map(\.row) == [0, 1, 4])
        _ = machine.wrote([.init(written: 3, failed: 0), .init(written: 3, failed: 0)])
        #expect(machine.next(at: moment(1)) == .sleep(until: .seconds(10)))
        let told = written(machine.next(at: moment(10)))
        #expect(told.map(\.kind) == [.peerSuppressed])
        #expect(told.first?.peer == Samples.peer)
        #expect(told.first?.count == 2)
        _ = machine.wrote([.init(written: 1, failed: 0), .init(written: 1, failed: 0)])
        #expect(machine.next(at: moment(11)) == .sleep(until: nil))
    }

    @Test func aFlushWaitsForWhatWasThereBefore() {
        let machine = machine()
        #expect(machine.flush(1))
        _ = machine.submit(event(0), at: moment(0))
        #expect(!machine.flush(2))
        _ = machine.next(at: moment(0))
        _ = machine.submit(event(1), at: moment(0))
        #expect(!machine.flush(3))
        #expect(machine.wrote([.init(written: 1, failed: 0), .init(written: 0, failed: 1)]) == [2])
        _ = machine.next(at: moment(0))
        #expect(machine.wrote([.init(written: 1, failed: 0), .init(written: 0, failed: 1)]) == [3])
        #expect(machine.flush(4))
    }

    @Test func closingWritesTheRestAndTakesNoMore() {
        let machine = machine(capacity: 2, burst: BurstLimit(count: 1, per: .seconds(1), window: .seconds(10)))
        _ = machine.submit(event(0, peer: Samples.peer), at: moment(0))
        _ = machine.submit(event(1, peer: Samples.peer), at: moment(0))
        _ = machine.submit(event(2), at: moment(0))
        _ = machine.submit(event(3), at: moment(0))
        machine.close()
        #expect(!machine.submit(event(4), at: moment(0)))
        let rest = written(machine.next(at: moment(0)))
        #expect(rest.map(\.kind) == [.flagged, .flagged, .peerSuppressed, .eventsDropped])
        #expect(rest.map(\.count) == [nil, nil, 1, 1])
        _ = machine.wrote([.init(written: 4, failed: 0), .init(written: 4, failed: 0)])
        #expect(machine.next(at: moment(0)) == .finish)
        #expect(machine.counters.dropped == 2)
    }
}

/// The machine behind a reference: expectations take no mutating calls.
private final class Driven {
    private var machine: EventQueueState

    init(_ machine: EventQueueState) { self.machine = machine }

    var counters: EventCounters { machine.counters }
    func submit(_ event: Event, at now: EventQueueState.Moment) -> Bool { machine.submit(event, at: now) }
    func next(at now: EventQueueState.Moment) -> EventQueueState.Next { machine.next(at: now) }
    func wrote(_ results: [SinkResult]) -> [UInt64] { machine.wrote(results) }
    func flush(_ token: UInt64) -> Bool { machine.flush(token) }
    func close() { machine.close() }
}
