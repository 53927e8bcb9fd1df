internal import Glibc

/// Why a socket cannot be listened on.
public enum ListenFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Something answers on the socket.
    case live(path: String)
    /// Another daemon holds the lock of a socket on which nothing answers: it starts, or leaves.
    case locked(path: String)
    /// A file that is no socket stands where the socket should.
    case notASocket(path: String)
    case pathTooLong(path: String, limit: Int)
    /// systemd handed over no stream socket of that name.
    case notInherited(name: String, found: [String])
    /// A system call failed.
    case failed(call: String, subject: String, errno: Int32)

    public var description: String {
        switch self {
        case .live(let path): "\(path): another process answers on this socket"
        case .locked(let path): "\(path): another process holds this lock"
        case .notASocket(let path): "\(path): a file that is not a socket, expected none or a socket left behind"
        case .pathTooLong(let path, let limit): "\(path): \(path.utf8.count) bytes, expected at most \(limit)"
        case .notInherited(let name, let found):
            "\(name): no listening stream socket of this name from systemd, found \(found.isEmpty ? "none" : found.joined(separator: ", "))"
        case .failed(let call, let subject, let code): "\(subject): \(call): \(String(cString: strerror(code)))"
        }
    }
}
