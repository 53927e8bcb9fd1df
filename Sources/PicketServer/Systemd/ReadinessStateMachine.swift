/// What the service manager is told, and when: a value without clocks or sockets.
///
/// READY=1 goes out after the first self-check has come out right, WATCHDOG=1 after each further one that does, so that
/// a daemon that no longer infers is restarted even if it still answers otherwise.
struct ReadinessStateMachine: Sendable {
    enum Action: Equatable, Sendable {
        /// Send these assignments in one notification.
        case notify([String])
        /// Give up: the daemon never became ready, for this reason.
        case fail(String)
        case none
    }

    private enum State {
        case starting
        case ready
        /// The last self-check failed.
        case ailing
        case stopping
    }

    private let hasWatchdog: Bool
    private var state = State.starting

    init(hasWatchdog: Bool) {
        self.hasWatchdog = hasWatchdog
    }

    /// Whether the next self-check should come soon rather than at the regular time.
    var isAiling: Bool {
        if case .ailing = state { true } else { false }
    }

    /// A self-check came out right.
    mutating func passed(status: String) -> Action {
        switch state {
        case .stopping: return .none
        case .starting:
            state = .ready
            return .notify(["READY=1", "STATUS=\(status)"])
        case .ready, .ailing:
            state = .ready
            return .notify((hasWatchdog ? ["WATCHDOG=1"] : []) + ["STATUS=\(status)"])
        }
    }

    /// A self-check came out wrong, or did not get through in time.
    mutating func failed(_ reason: String) -> Action {
        switch state {
        case .stopping: return .none
        case .starting: return .fail(reason)
        case .ready, .ailing:
            state = .ailing
            return .notify(["STATUS=self-check failed: \(reason)"])
        }
    }

    /// The daemon was told to leave.
    mutating func stopping() -> Action {
        if case .stopping = state { return .none }
        state = .stopping
        return .notify(["STOPPING=1", "STATUS=finishing requests"])
    }
}
