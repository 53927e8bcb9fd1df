/// When the sender of the request that a task works on stops caring.
///
/// Task-local, since a chain is shared by all requests and hands them on to the runner's threads.
struct RequestDeadline: Sendable {
    @TaskLocal static var current: RequestDeadline?

    let instant: ContinuousClock.Instant

    /// Whether the instant has come.
    var hasPassed: Bool { ContinuousClock.now >= instant }

    /// - Throws: ``DeadlinePassed`` from the instant on.
    func check() throws(DeadlinePassed) {
        if hasPassed { throw DeadlinePassed() }
    }
}

/// The request's time ran out before its work was done.
struct DeadlinePassed: Error {}
