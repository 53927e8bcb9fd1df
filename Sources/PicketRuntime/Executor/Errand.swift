import Synchronization

/// What a thread of the pool was sent to do for a task: whether anybody still waits for it.
final class Errand: Sendable {
    private let deadline: RequestDeadline?
    private let isCancelled = Atomic<Bool>(false)

    init(deadline: RequestDeadline?) { self.deadline = deadline }

    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    /// Whether the next piece of work need not begin; once true, it stays so.
    var isOver: Bool { isCancelled.load(ordering: .relaxed) || deadline?.hasPassed == true }

    /// - Throws: ``DeadlinePassed``, or `CancellationError`, where the errand is over.
    func check() throws {
        if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
        try deadline?.check()
    }
}
