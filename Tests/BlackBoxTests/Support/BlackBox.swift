import Dispatch
import Testing

/// The built executables as a user meets them: processes, files, sockets, exit codes. One test at a time, since each
/// daemon wants the processors for itself.
@Suite(.serialized) enum BlackBox {}

/// Where the suites run: they wait for processes and sockets, which the cooperative pool must not.
@globalActor actor OffPool {
    static let shared = OffPool()

    private static let executor = QueueExecutor()

    nonisolated var unownedExecutor: UnownedSerialExecutor { OffPool.executor.asUnownedSerialExecutor() }
}

private final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "black box")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// Something that a test stands on is not as it should be.
struct Unusable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
