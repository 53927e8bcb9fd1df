import Foundation

/// The service manager's end of `NOTIFY_SOCKET`: hears what a daemon says of itself.
final class NotifySocket {
    private let descriptor: Int32
    /// Every notification so far, each with its assignments.
    private(set) var heard: [[String]] = []

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Unusable("socket: \(String(cString: strerror(errno)))") }
        guard UnixAddress.with(path, { bind(descriptor, $0, $1) }) == 0 else {
            throw Unusable("bind \(path): \(String(cString: strerror(errno)))")
        }
        var patience = timeval(tv_sec: 0, tv_usec: 20_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    /// How often an assignment was heard.
    func count(_ assignment: String) -> Int { heard.count { $0.contains(assignment) } }

    /// Listens until `condition` holds or nothing more can be expected.
    ///
    /// - Returns: whether it came to hold.
    func listen(seconds: Double = 60, until condition: () -> Bool) -> Bool {
        let clock = ContinuousClock()
        let latest = clock.now + .seconds(seconds)
        while !condition() {
            guard clock.now < latest else { return false }
            receive()
        }
        return true
    }

    /// Takes what is there already.
    func drain() {
        while receive() {}
    }

    @discardableResult
    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        heard.append(text.split(separator: "\n").map(String.init))
        return true
    }
}

/// The address of a Unix socket, lent as system calls want it.
enum UnixAddress {
    static func with<R>(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        precondition(path.utf8.count < 108, "a workspace's paths are short")
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            // A sockaddr is what every address begins with.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
