import Dispatch
import Synchronization

/// Calls that several threads make together: each takes the next that nobody has begun.
///
/// Proof of `@unchecked Sendable`: all but `body` is immutable or atomic. `body` is read in calls only, and let go by the one
/// who waits, after the last call: every call's release of `missing` comes before that.
package final class SharedCalls<State>: @unchecked Sendable {
    private let count: Int
    /// Goes with the last call: a thread that comes to help too late must not keep a request's memory until then.
    private var body: (@Sendable (Int, State) -> Void)?
    private let next = Atomic<Int>(0)
    private let missing: Atomic<Int>
    /// Signalled once, after the last call.
    private let finished = DispatchSemaphore(value: 0)

    /// - Parameter count: 1 or more.
    package init(count: Int, _ body: @escaping @Sendable (Int, State) -> Void) {
        precondition(count > 0, "somebody waits for the last call")
        self.count = count
        self.body = body
        missing = Atomic(count)
    }

    /// Makes calls until every one has begun.
    package func make(with state: State) {
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            body?(index, state)
            // What this call wrote is seen by whoever waits: the last one's release follows all the others'.
            if missing.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { finished.signal() }
        }
    }

    /// Returns after the last call did. One thread calls it, once it has found no call to make.
    package func wait() {
        finished.wait()
        body = nil
    }
}
