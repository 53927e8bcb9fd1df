import Dispatch
import Foundation
import PicketEvents
import Synchronization
import Testing

@Suite struct EventQueueTests {
    private func event(_ row: Int, peer: Peer? = nil) -> Event {
        var event = Event(.flagged, at: Samples.time)
        event.row = row
        event.peer = peer
        return event
    }

    @Test func everySinkGetsEverythingInOrder() async {
        let (left, right) = (MemorySink(), MemorySink())
        let queue = EventQueue(sinks: [left, right], capacity: 10_000)
        for row in 0..<5000 { queue.submit(event(row)) }
        #expect(await queue.flush())
        #expect(left.written.map(\.row) == Array(0..<5000))
        #expect(right.written.map(\.row) == Array(0..<5000))
        #expect(await queue.close())
        #expect(left.closes == 1 && right.closes == 1)
        #expect(queue.counters.written == 10_000)
    }

    /// The sink is stuck in its first write, so that what the queue holds is known to the event.
    @Test func dropsAreCountedToTheEvent() async {
        let sink = MemorySink(isHeld: true)
        let queue = EventQueue(sinks: [sink], capacity: 8)
        queue.submit(event(0))
        await Self.wait(for: sink.entered)
        for row in 1..<100 { queue.submit(event(row)) }
        #expect(queue.counters.submitted == 100)
        #expect(queue.counters.dropped == 92)
        sink.release()
        sink.release()
        #expect(await queue.flush())
        #expect(sink.written.compactMap(\.row) == Array(0..<8))
        #expect(sink.written.last?.kind == .eventsDropped)
        #expect(sink.written.last?.count == 92)
        #expect(await queue.close())
    }

    /// Whatever the threads do, each event is written, dropped or suppressed, and the told numbers add up.
    @Test(arguments: [1, 16, 4096])
    func nothingIsLostSilently(capacity: Int) async {
        let sink = MemorySink()
        let burst = BurstLimit(count: 500, per: .seconds(3600), window: .seconds(3600))
        let queue = EventQueue(sinks: [sink], capacity: capacity, burst: burst)
        let perThread = 2000
        await Self.onThreads(8) { thread in
            for row in 0..<perThread {
                let peer = Peer(pid: Int32(thread), uid: 0, gid: 0)
                queue.submit(event(row, peer: row % 2 == 0 ? peer : nil))
            }
        }
        #expect(await queue.close(within: .seconds(60)))
        let counters = queue.counters
        #expect(counters.submitted == 8 * perThread)
        #expect(counters.suppressed == 8 * (perThread / 2 - 500))
        let written = sink.written
        #expect(written.count == counters.submitted + counters.own - counters.dropped - counters.suppressed)
        #expect(
            written.filter { $0.kind == .flagged }.count == counters.submitted - counters.dropped - counters.suppressed
        )
        func told(_ kind: EventKind) -> Int { written.filter { $0.kind == kind }.reduce(0) { $0 + ($1.count ?? 0) } }
        #expect(told(.eventsDropped) == counters.dropped)
        #expect(told(.peerSuppressed) == counters.suppressed)
        #expect(written.filter { $0.kind == .peerSuppressed }.count == 8)
    }

    /// A sink that hangs holds up neither those who submit nor those who wait for longer than they asked for.
    @Test func aHangingSinkHoldsNobody() async {
        let sink = MemorySink(isHeld: true)
        let queue = EventQueue(sinks: [sink], capacity: 8)
        for row in 0..<1000 { queue.submit(event(row)) }
        #expect(await queue.flush(within: .milliseconds(50)) == false)
        #expect(await queue.close(within: .milliseconds(50)) == false)
        queue.submit(event(1000))
        for _ in 0..<10 { sink.release() }
        #expect(await queue.close())
        #expect(sink.closes == 1)
        #expect(sink.written.filter { $0.kind == .flagged }.count == 1001 - queue.counters.dropped)
    }

    @Test func afterClosingEverythingIsDropped() async {
        let sink = MemorySink()
        let queue = EventQueue(sinks: [sink])
        #expect(await queue.close())
        queue.submit(event(0))
        #expect(queue.counters.dropped == 1)
        #expect(await queue.flush())
        #expect(await queue.close())
        #expect(sink.written.isEmpty)
        #expect(sink.closes == 1)
    }

    @Test func manyMayWaitAtOnce() async {
        let sink = MemorySink()
        let queue = EventQueue(sinks: [sink])
        await withTaskGroup(of: Bool.self) { group in
            for row in 0..<100 {
                group.addTask {
                    queue.submit(event(row))
                    return await queue.flush()
                }
            }
            for await isDone in group { #expect(isDone) }
        }
        #expect(sink.written.count == 100)
        #expect(await queue.close())
    }

    private static func wait(for semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                semaphore.wait()
                continuation.resume()
            }
        }
    }

    private static func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) async {
        await withCheckedContinuation { continuation in
            let left = Counter(count)
            for index in 0..<count {
                Thread.detachNewThread {
                    body(index)
                    if left.countDown() { continuation.resume() }
                }
            }
        }
    }

    private final class Counter: Sendable {
        private let left: Mutex<Int>

        init(_ count: Int) { left = Mutex(count) }

        func countDown() -> Bool {
            left.withLock {
                $0 -= 1
                return $0 == 0
            }
        }
    }
}
