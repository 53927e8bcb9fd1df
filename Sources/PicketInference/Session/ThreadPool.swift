import Glibc
import Synchronization

/// Threads that share out steps: the units of one in equal contiguous parts, or whole runs of all of them.
///
/// Its own threads, never the cooperative pool's: a pass blocks until all parts are done. Workers spin for a moment
/// after each part, since the next one comes within microseconds, and then sleep. Who runs a part is open: one whose
/// worker has not begun when the caller is done with its own is the caller's.
final class ThreadPool {
    /// Threads that work, the caller among them.
    let threads: Int

    private let crew: Crew
    private var handles: [pthread_t] = []

    /// Starts `threads - 1` workers.
    init(threads: Int) {
        precondition(threads >= 2, "one thread needs no pool")
        self.threads = threads
        crew = Crew(threads: threads)
        for index in 1..<threads { start(index) }
    }

    private final class Start {
        let crew: Crew
        let index: Int

        init(_ crew: Crew, _ index: Int) {
            self.crew = crew
            self.index = index
        }
    }

    private func start(_ index: Int) {
        let start = Unmanaged.passRetained(Start(crew, index))
        var handle = pthread_t()
        let status = pthread_create(
            &handle,
            nil,
            { argument in
                guard let argument else { return nil }
                // The one reference that `start` gave away.
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                start.crew.work(start.index)
                return nil
            },
            start.toOpaque()
        )
        precondition(status == 0, "the system gives no thread: error \(status)")
        handles.append(handle)
    }

    /// How the work is cut.
    enum Parts {
        /// The units of the one step, so many of them.
        case shared(Int)
        /// All units of all steps, once in each of so many memories.
        case whole(Int)
    }

    /// Runs steps and returns when they are done.
    ///
    /// - Parameter spaces: memory of each part: `threads` of them at least, for whole runs as many as there are.
    func run(
        _ steps: UnsafeBufferPointer<Step>,
        _ parts: Parts,
        _ spaces: UnsafeBufferPointer<ExecutionSpace>
    ) throws(NodeFault) {
        try crew.run(steps, parts, spaces)
    }

    deinit {
        crew.stop()
        for handle in handles { pthread_join(handle, nil) }
    }
}

/// What a pool's threads share.
///
/// Proof of `@unchecked Sendable`: the caller writes `job` before it opens a part and raises `generation`. Whoever moves
/// a part's state from open to taken runs it, so one thread does, and while it does the caller waits: `job` and what it
/// points at stay as they are. A thread that finds its part taken reads nothing. A part's fault is written before its
/// state is, and read by the caller after it has seen that. One session uses a pool, from one thread at a time.
private final class Crew: @unchecked Sendable {
    private struct Job {
        var steps: UnsafeBufferPointer<Step>
        var parts: ThreadPool.Parts
        var spaces: UnsafeBufferPointer<ExecutionSpace>
        var count: Int

        func run(_ part: Int) throws(NodeFault) {
            switch parts {
            case .shared(let units):
                try steps[0].run(spaces[part], units * part / count..<units * (part + 1) / count)
            case .whole:
                for step in steps { try step.run(spaces[part], 0..<step.units) }
            }
        }
    }

    /// The states of a part in a generation: 4 · generation, and one of these. Before it is opened, one of an earlier
    /// generation stands there.
    private enum State {
        static let open = 0
        static let taken = 1
        static let done = 2
    }

    /// Some hundred microseconds: as long as most steps that one thread runs alone, since waking a sleeper takes as long.
    private static let spins = 100_000

    /// States of two parts lie this many words apart, each in a cache line of its own.
    private static let spacing = 16

    private let threads: Int
    private var job: Job?
    private let faults: UnsafeMutableBufferPointer<NodeFault?>
    private let states: UnsafeMutablePointer<Atomic<Int>>
    private let generation = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(threads: Int) {
        self.threads = threads
        faults = .allocate(capacity: threads)
        faults.initialize(repeating: nil)
        states = .allocate(capacity: threads * Self.spacing)
        for index in 0..<threads * Self.spacing { (states + index).initialize(to: Atomic(State.done)) }
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    func run(
        _ steps: UnsafeBufferPointer<Step>,
        _ parts: ThreadPool.Parts,
        _ spaces: UnsafeBufferPointer<ExecutionSpace>
    ) throws(NodeFault) {
        let count =
            switch parts {
            case .shared(let units), .whole(let units): min(threads, units)
            }
        let current = generation.load(ordering: .relaxed) + 1
        job = Job(steps: steps, parts: parts, spaces: spaces, count: count)
        for part in 1..<max(count, 1) {
            states[part * Self.spacing].store(4 * current + State.open, ordering: .releasing)
        }
        generation.store(current, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
        runPart(0)
        for part in 1..<max(count, 1) where !take(part, current) { wait(part, current) }
        job = nil
        if let fault = faults.lazy.compactMap({ $0 }).first {
            faults.update(repeating: nil)
            throw fault
        }
    }

    /// Runs a part unless somebody has taken it.
    ///
    /// - Returns: whether it ran.
    private func take(_ part: Int, _ generation: Int) -> Bool {
        let isMine = states[part * Self.spacing].compareExchange(
            expected: 4 * generation + State.open,
            desired: 4 * generation + State.taken,
            ordering: .acquiring
        ).exchanged
        guard isMine else { return false }
        runPart(part)
        states[part * Self.spacing].store(4 * generation + State.done, ordering: .releasing)
        return true
    }

    private func wait(_ part: Int, _ generation: Int) {
        var spins = 0
        while states[part * Self.spacing].load(ordering: .acquiring) != 4 * generation + State.done {
            spins += 1
            if spins > Self.spins { sched_yield() }
        }
    }

    private func runPart(_ part: Int) {
        guard let job else { return }
        do throws(NodeFault) {
            try job.run(part)
        } catch {
            faults[part] = error
        }
    }

    func work(_ index: Int) {
        var seen = 0
        while true {
            var spins = 0
            while generation.load(ordering: .acquiring) == seen {
                spins += 1
                if spins > Self.spins { sleep(while: seen) }
            }
            if stopping.load(ordering: .acquiring) { return }
            // Later than the one that woke it where this thread was late; those before are done.
            seen = generation.load(ordering: .acquiring)
            _ = take(index, seen)
        }
    }

    /// A sleeper counts itself before it looks at `generation` again, and the caller raises that before it looks at the
    /// count, so that one of them always sees the other.
    private func sleep(while seen: Int) {
        pthread_mutex_lock(mutex)
        sleepers.add(1, ordering: .sequentiallyConsistent)
        while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(condition, mutex) }
        sleepers.subtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(mutex)
    }

    private func wake() {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    func stop() {
        stopping.store(true, ordering: .releasing)
        generation.add(1, ordering: .sequentiallyConsistent)
        wake()
    }

    deinit {
        faults.deinitialize()
        faults.deallocate()
        states.deinitialize(count: threads * Self.spacing)
        states.deallocate()
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }
}
