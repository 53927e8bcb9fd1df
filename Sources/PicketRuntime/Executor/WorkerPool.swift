import Dispatch
import Foundation
import Synchronization

/// The threads that run models, render variants and score rows: dedicated ones, never the cooperative pool, which a long
/// forward pass would starve.
///
/// Jobs begin in the order in which they came. `State` is what each thread keeps for itself (its sessions); it never leaves
/// its thread.
package final class WorkerPool<State>: Sendable {
    package typealias Job = @Sendable (State) -> Void

    private struct Queue: Sendable {
        var jobs: [Job?] = []
        /// Jobs before this index have been taken; compacted now and then, so that taking one is cheap.
        var taken = 0
        /// Threads that are in a job.
        var busy = 0
        var isClosed = false

        var waiting: Int { jobs.count - taken }

        mutating func take() -> Job? {
            guard taken < jobs.count else { return nil }
            busy += 1
            defer {
                taken += 1
                if taken == jobs.count || taken >= 1024 {
                    jobs.removeFirst(taken)
                    taken = 0
                }
            }
            // What a job holds on to goes with it, not with the queue.
            let job = jobs[taken]
            jobs[taken] = nil
            return job
        }
    }

    /// Looks at the queue that a thread takes between two jobs before it sleeps, some 120 microseconds. A request asks for
    /// help several times, requests come in streams, and waking a sleeper takes as long as a small pass.
    private static var looks: Int { 100_000 }
    /// Looks after which whoever waits for this CPU may have it, the task that answers the last request first.
    private static var looksAtOnce: Int { 500 }

    private let queue = Mutex(Queue())
    /// Jobs that nobody has taken, for threads that look.
    private let waiting = Atomic<Int>(0)
    /// Counts jobs in the queue, and at the end one more a thread.
    private let available = DispatchSemaphore(value: 0)
    private let finished = DispatchGroup()

    /// Threads of the pool.
    package let threadCount: Int

    /// - Parameters:
    ///   - threadCount: 1 or more.
    ///   - state: makes a thread's own state, on that thread.
    package init(threadCount: Int, state: @escaping @Sendable () -> State) {
        precondition(threadCount > 0, "a pool without threads runs nothing")
        self.threadCount = threadCount
        for index in 0..<threadCount {
            finished.enter()
            let thread = Thread { [self] in
                work(state())
                finished.leave()
            }
            thread.name = "picket-core-\(index)"
            // Deep enough for a plugin's buffers on the stack.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Puts a job at the end of the queue.
    ///
    /// - Returns: false where the pool is closed: the job will not run.
    package func submit(_ job: @escaping Job) -> Bool {
        let accepted = queue.withLock { queue in
            guard !queue.isClosed else { return false }
            queue.jobs.append(job)
            return true
        }
        if accepted { announce(1) }
        return accepted
    }

    private func announce(_ jobs: Int) {
        waiting.add(jobs, ordering: .relaxed)
        for _ in 0..<jobs { available.signal() }
    }

    /// Calls `body` once for every index below `count`, with the state of the thread that makes the call, and returns after
    /// the last call did.
    ///
    /// The calling thread is one of the pool's, in a job; it makes calls itself, together with those threads that are
    /// idle now. Where all have other jobs it makes every call, so that nothing waits for a job that has not begun.
    ///
    /// - Parameter state: the calling thread's.
    package func perform(count: Int, with state: State, _ body: @escaping @Sendable (Int, State) -> Void) {
        guard count > 1, threadCount > 1 else {
            for index in 0..<count { body(index, state) }
            return
        }
        let calls = SharedCalls(count: count, body)
        let helpers = queue.withLock { queue in
            // A pool that is closing lends no threads; what has begun is finished here.
            let idle = queue.isClosed ? 0 : max(threadCount - queue.busy - queue.waiting, 0)
            let helpers = min(count - 1, idle)
            for _ in 0..<helpers { queue.jobs.append { calls.make(with: $0) } }
            return helpers
        }
        announce(helpers)
        calls.make(with: state)
        calls.wait()
    }

    /// Refuses new jobs, lets the queued ones finish, and ends the threads. Blocks until they have ended.
    package func close() {
        let wasOpen = queue.withLock { queue in
            defer { queue.isClosed = true }
            return !queue.isClosed
        }
        if wasOpen {
            for _ in 0..<threadCount { available.signal() }
        }
        finished.wait()
    }

    private func work(_ state: State) {
        while true {
            available.wait()
            // A signal without a job is the pool's end: every job had a signal of its own.
            guard let job = queue.withLock({ $0.take() }) else { return }
            waiting.subtract(1, ordering: .relaxed)
            job(state)
            queue.withLock { $0.busy -= 1 }
            look()
        }
    }

    /// Returns once there is a job, or after a while.
    private func look() {
        for _ in 0..<WorkerPool.looks / WorkerPool.looksAtOnce {
            for _ in 0..<WorkerPool.looksAtOnce where waiting.load(ordering: .relaxed) > 0 { return }
            sched_yield()
        }
    }
}
