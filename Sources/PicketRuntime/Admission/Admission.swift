/// Who may wait: a bounded number of rows, and nobody past their deadline. A value; whoever holds it guards it.
package struct Admission: Sendable {
    /// Rows that may be waiting or running at once.
    package let limit: Int

    /// Rows that are.
    package private(set) var waiting = 0

    /// No request is let in any more.
    package private(set) var isClosed = false

    package enum Decision: Equatable, Sendable {
        case admitted
        /// As many rows wait as may.
        case queueFull(waiting: Int)
        /// More rows than ever may wait.
        case tooLarge
        /// The daemon is leaving.
        case closed
    }

    package init(limit: Int) {
        precondition(limit > 0, "a queue without room admits nothing")
        self.limit = limit
    }

    package mutating func admit(rows: Int) -> Decision {
        precondition(rows > 0, "a request without rows is answered before it is admitted")
        if isClosed { return .closed }
        if rows > limit { return .tooLarge }
        if waiting + rows > limit { return .queueFull(waiting: waiting) }
        waiting += rows
        return .admitted
    }

    /// Gives back what ``admit(rows:)`` let in.
    package mutating func release(rows: Int) {
        precondition(rows <= waiting, "more rows released than were admitted")
        waiting -= rows
    }

    /// Lets nobody in from now on.
    package mutating func close() { isClosed = true }
}
