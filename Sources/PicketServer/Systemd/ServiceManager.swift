internal import CSystemd

/// The service manager that started the daemon, if one did and asked to be notified.
public struct ServiceManager: Sendable {
    /// How often it wants to hear WATCHDOG=1 at least; nil where it has no watchdog.
    public let watchdogInterval: Duration?

    private let send: @Sendable ([String]) -> Void

    /// The one that the environment names (`NOTIFY_SOCKET`, `WATCHDOG_USEC`); without any, notifications go nowhere.
    public init() {
        var microseconds: UInt64 = 0
        let isEnabled = sd_watchdog_enabled(0, &microseconds) > 0
        self.init(watchdogInterval: isEnabled ? .microseconds(Int64(clamping: microseconds)) : nil) { assignments in
            // What fails here fails at the manager's end, which draws its own conclusions from silence.
            sd_notify(0, assignments.joined(separator: "\n"))
        }
    }

    /// One that `send` stands for.
    public init(watchdogInterval: Duration?, send: @escaping @Sendable ([String]) -> Void) {
        self.watchdogInterval = watchdogInterval
        self.send = send
    }

    /// Sends assignments such as `READY=1`; line ends inside them would be further assignments.
    func notify(_ assignments: [String]) {
        send(assignments.map { String($0.map { $0.isNewline ? " " : $0 }) })
    }
}
