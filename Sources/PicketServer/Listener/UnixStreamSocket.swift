internal import Glibc

/// The system calls on Unix stream sockets that listeners and clients share.
enum UnixStreamSocket {
    /// Bytes of `sockaddr_un.sun_path`, without its terminator.
    static let maximumPathLength = 107

    /// The kernel's numbers, the same on every Linux that Swift runs on; the C library spells them as an enumeration
    /// that its module map does not always export.
    static let type: Int32 = 1

    /// A new socket that children do not inherit.
    static func open(isNonBlocking: Bool = false) -> Int32 {
        socket(AF_UNIX, type | O_CLOEXEC | (isNonBlocking ? O_NONBLOCK : 0), 0)
    }

    /// Calls `body` with the address of a path that is no longer than ``maximumPathLength``.
    static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // Sound: no more bytes are copied than the field has, whose last stays zero.
        withUnsafeMutableBytes(of: &address.sun_path) { field in
            field.copyBytes(from: path.utf8.prefix(maximumPathLength))
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
