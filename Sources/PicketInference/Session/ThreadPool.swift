import Glibc
import Synchronization

/// Threads that share out the units of one step after another, in equal contiguous parts.
///
/// Its own threads, never the cooperative pool's: a step blocks until all parts are done. Workers spin for a moment
/// after each step, since the next one comes within microseconds, and then sleep.
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

    /// Runs all units of a step and returns when they are done.
    ///
    /// - Parameter spaces: the memory of each thread, the caller's first; `threads` of them.
    func run(_ step: Step, spaces: UnsafePointer<ExecutionSpace>) throws(OperatorFault) {
        try crew.run(step, spaces: spaces)
    }

    deinit {
        crew.stop()
        for handle in handles { pthread_join(handle, nil) }
    }
}

/// What a pool's threads share.
///
/// Proof of `@unchecked Sendable`: `job` is written by the caller before `generation` is raised, and read by workers
/// after they see it; a worker writes only its own slot of `faults`, before it lowers `remaining`, which the caller
/// awaits before it reads them. One session uses a pool, from one thread at a time.
private final class Crew: @unchecked Sendable {
    private struct Job {
        var step: Step
        var spaces: UnsafePointer<ExecutionSpace>
        var participants: Int
    }

    /// Some hundred microseconds: as long as most steps that one thread runs alone, since waking a sleeper takes as long.
    private static let spins = 100_000

    private let threads: Int
    private var job: Job?
    private let faults: UnsafeMutableBufferPointer<OperatorFault?>
    private let generation = Atomic<Int>(0)
    private let remaining = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(threads: Int) {
        self.threads = threads
        faults = .allocate(capacity: threads)
        faults.initialize(repeating: nil)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    func run(_ step: Step, spaces: UnsafePointer<ExecutionSpace>) throws(OperatorFault) {
        job = Job(step: step, spaces: spaces, participants: min(threads, step.units))
        remaining.store(threads - 1, ordering: .relaxed)
        generation.add(1, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
        runPart(0)
        var spins = 0
        while remaining.load(ordering: .acquiring) > 0 {
            spins += 1
            if spins > Self.spins { sched_yield() }
        }
        job = nil
        if let fault = faults.lazy.compactMap({ $0 }).first {
            faults.update(repeating: nil)
            throw fault
        }
    }

    private func runPart(_ index: Int) {
        guard let job, index < job.participants else { return }
        let units = job.step.units
        let part = units * index / job.participants..<units * (index + 1) / job.participants
        do throws(OperatorFault) {
            try job.step.body(job.spaces[index], part)
        } catch {
            faults[index] = error
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
            seen += 1
            if stopping.load(ordering: .acquiring) { return }
            runPart(index)
            remaining.subtract(1, ordering: .releasing)
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
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }
}
