import Dispatch
import PicketRuntime
import Synchronization
import Testing

@Suite struct ExecutorTests {
    @Test(
        arguments: [
            (1, 4, 1, 64, [0..<1]), (8, 2, 4, 64, [0..<4, 4..<8]), (7, 2, 4, 64, [0..<7]),
            (130, 1, 1, 64, [0..<43, 43..<86, 86..<130]), (3, 8, 1, 64, [0..<1, 1..<2, 2..<3]),
        ] as [(Int, Int, Int, Int, [Range<Int>])]
    )
    func cutsAPass(rows: Int, threads: Int, smallest: Int, largest: Int, ranges: [Range<Int>]) {
        #expect(Shares(rows: rows, threads: threads, smallest: smallest, largest: largest).ranges == ranges)
    }

    @Test func sharesCoverEveryRowOnce() {
        for rows in 1...200 {
            for threads in 1...5 {
                let ranges = Shares(rows: rows, threads: threads, smallest: 3, largest: 17).ranges
                #expect(ranges.flatMap { Array($0) } == Array(0..<rows))
                #expect(ranges.allSatisfy { $0.count <= 17 })
            }
        }
    }

    /// What a thread counts for itself.
    private final class Tally {
        var count = 0
    }

    @Test func everyJobRunsOnceAndClosingWaitsForThem() {
        let pool = WorkerPool(threadCount: 3) { Tally() }
        let count = Atomic<Int>(0)
        for _ in 0..<5000 {
            #expect(pool.submit { _ in count.add(1, ordering: .relaxed) })
        }
        pool.close()
        #expect(count.load(ordering: .relaxed) == 5000)
        #expect(!pool.submit { _ in }, "a closed pool takes no job")
    }

    @Test func threadsKeepTheirState() {
        let pool = WorkerPool(threadCount: 1) { Tally() }
        let seen = Mutex<[Int]>([])
        for _ in 0..<3 {
            _ = pool.submit { tally in
                tally.count += 1
                let value = tally.count
                seen.withLock { $0.append(value) }
            }
        }
        pool.close()
        #expect(seen.withLock { $0 } == [1, 2, 3])
    }

    /// Jobs that ask the pool for help from within, more of them than threads: none waits for ever.
    @Test(arguments: [1, 2, 4]) func jobsShareTheirCalls(threads: Int) {
        let pool = WorkerPool(threadCount: threads) { Tally() }
        let calls = Mutex<[Int: Int]>([:])
        let returned = Atomic<Int>(0)
        for job in 0..<40 {
            _ = pool.submit { tally in
                pool.perform(count: job, with: tally) { index, tally in
                    tally.count += 1
                    calls.withLock { $0[job * 1000 + index, default: 0] += 1 }
                }
                let made = calls.withLock { calls in (0..<job).count { calls[job * 1000 + $0] == 1 } }
                if made == job { returned.add(1, ordering: .relaxed) }
            }
        }
        pool.close()
        #expect(returned.load(ordering: .relaxed) == 40, "a job goes on after its last call was made, each once")
        #expect(calls.withLock { $0.count } == (0..<40).reduce(0, +))
    }

    /// A call that is slow keeps the others from nobody: an idle thread makes them.
    @Test func idleThreadsHelp() {
        let pool = WorkerPool(threadCount: 2) { Tally() }
        let (isFree, isDone) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let states = Mutex<Set<ObjectIdentifier>>([])
        _ = pool.submit { tally in
            pool.perform(count: 2, with: tally) { index, tally in
                states.withLock { _ = $0.insert(ObjectIdentifier(tally)) }
                // Returns only if somebody makes the other call meanwhile.
                if index == 0 { isFree.wait() } else { isFree.signal() }
            }
            isDone.signal()
        }
        // A pool that is closing would lend no thread.
        isDone.wait()
        pool.close()
        #expect(states.withLock { $0.count } == 2, "each thread has a state of its own")
    }

    /// While every thread has a job, nobody is asked for help.
    @Test func busyThreadsAreLeftAlone() {
        let pool = WorkerPool(threadCount: 2) { Tally() }
        let (isBusy, mayEnd, isDone) = (
            DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
        )
        _ = pool.submit { _ in
            isBusy.signal()
            mayEnd.wait()
        }
        isBusy.wait()
        let states = Mutex<[ObjectIdentifier: Int]>([:])
        _ = pool.submit { tally in
            pool.perform(count: 100, with: tally) { _, tally in
                states.withLock { $0[ObjectIdentifier(tally), default: 0] += 1 }
            }
            isDone.signal()
        }
        isDone.wait()
        #expect(states.withLock { Array($0.values) } == [100])
        mayEnd.signal()
        pool.close()
    }

    /// A thread that comes too late to help finds nothing, and has kept nothing of the request's meanwhile.
    @Test func lateHelpKeepsNothing() {
        final class Memory: Sendable {}
        weak var kept: Memory?
        func shared() -> SharedCalls<Tally> {
            let memory = Memory()
            kept = memory
            return SharedCalls(count: 3) { _, tally in withExtendedLifetime(memory) { tally.count += 1 } }
        }
        let calls = shared()
        let (tally, late) = (Tally(), Tally())
        #expect(kept != nil)
        calls.make(with: tally)
        calls.wait()
        #expect(kept == nil)
        calls.make(with: late)
        #expect(tally.count == 3 && late.count == 0)
    }

    @Test func admissionBoundsTheRows() {
        var admission = Admission(limit: 10)
        #expect(admission.admit(rows: 11) == .tooLarge)
        #expect(admission.admit(rows: 6) == .admitted)
        #expect(admission.admit(rows: 5) == .queueFull(waiting: 6))
        #expect(admission.admit(rows: 4) == .admitted)
        admission.release(rows: 6)
        #expect(admission.admit(rows: 5) == .admitted)
        admission.close()
        #expect(admission.admit(rows: 1) == .closed)
        #expect(admission.waiting == 9)
    }

    @Test func admissionTrapsOnRowsThatWereNeverLetIn() async {
        await #expect(processExitsWith: .failure) {
            var admission = Admission(limit: 1)
            admission.release(rows: 1)
        }
    }
}
