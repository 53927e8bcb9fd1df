import Foundation

/// A running `picketd` of a test's own, and its service manager.
final class GuardedDaemon {
    let space: Workspace
    let child: Child
    let manager: NotifySocket

    var socket: String { space.at("picket.sock") }

    /// Starts the workspace's daemon and waits until it says that it is ready.
    ///
    /// - Parameter watchdog: microseconds of its watchdog.
    init(_ space: Workspace, configuration: String = "picket.yaml", watchdog: Int? = nil) throws {
        self.space = space
        let notify = space.at("notify")
        unlink(notify)
        let manager = try NotifySocket(notify)
        var environment = ["NOTIFY_SOCKET": notify]
        environment["WATCHDOG_USEC"] = watchdog.map { "\($0)" }
        let child = try Child(
            Products.picketd,
            ["--config", configuration],
            in: space.path,
            environment: environment
        )
        self.manager = manager
        self.child = child
        _ = manager.listen { manager.count("READY=1") > 0 || child.poll() != nil }
        guard manager.count("READY=1") == 1 else {
            throw Unusable("picketd is not ready: \(child.poll()?.description ?? child.errors)")
        }
    }

    /// Asks it to leave, and waits until it has.
    func stop() throws -> Finished {
        child.signal(SIGTERM)
        let finished = try child.wait(seconds: 60)
        manager.drain()
        return finished
    }

    /// Sends one request on a connection of its own.
    func ask(_ request: [UInt8]) throws -> Reply {
        let connection = try SocketClient(socket)
        connection.send(request)
        guard let reply = try connection.reply() else { throw Unusable("no reply: \(child.errors)") }
        return reply
    }

    func get(_ target: String) throws -> Reply {
        try ask(Array("GET \(target) HTTP/1.1\r\nHost: picket\r\n\r\n".utf8))
    }

    /// The lines of its events file so far.
    func events() throws -> [JSON] {
        try space.text("events.jsonl").split(separator: "\n").map { try JSON($0.utf8) }
    }
}
