internal import Glibc

/// A listening Unix socket and the file that names it.
///
/// A file left behind by a daemon that is gone is replaced, a live one never; both are told apart by connecting to it.
struct UnixSocketFile: Sendable {
    let path: String
    let descriptor: Int32
    private let lock: LockFile
    private let device: UInt
    private let inode: UInt

    /// Binds and listens at `path`. The file never has wider permissions than `mode`, not even for a moment.
    init(path: String, mode: UInt32) throws(ListenFault) {
        guard path.utf8.count <= UnixStreamSocket.maximumPathLength else {
            throw .pathTooLong(path: path, limit: UnixStreamSocket.maximumPathLength)
        }
        // Two daemons that start at once must not both find the same file stale.
        guard let lock = try LockFile(path + ".lock") else {
            if try UnixSocketFile.state(of: path) == .live { throw .live(path: path) }
            throw .locked(path: path + ".lock")
        }
        try UnixSocketFile.removeStale(path)
        let descriptor = UnixStreamSocket.open()
        guard descriptor >= 0 else { throw .failed(call: "socket", subject: path, errno: errno) }
        do throws(ListenFault) {
            let status = try UnixSocketFile.listen(descriptor, at: path, mode: mode)
            self.device = status.device
            self.inode = status.inode
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.lock = lock
        self.descriptor = descriptor
    }

    /// Removes the file, unless another one has taken its place, and lets others listen at its path.
    func remove() {
        defer { lock.release() }
        guard let status = UnixSocketFile.status(path), status.device == device, status.inode == inode else { return }
        unlink(path)
    }

    private static func listen(
        _ descriptor: Int32,
        at path: String,
        mode: UInt32
    ) throws(ListenFault) -> (device: UInt, inode: UInt) {
        // On Linux the file gets the socket's own mode at bind: nobody connects before the mode asked for is set.
        guard fchmod(descriptor, 0o600) == 0 else { throw .failed(call: "fchmod", subject: path, errno: errno) }
        guard UnixStreamSocket.withAddress(path, { Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw .failed(call: "bind", subject: path, errno: errno)
        }
        guard chmod(path, mode) == 0 else { throw .failed(call: "chmod", subject: path, errno: errno) }
        guard Glibc.listen(descriptor, 128) == 0 else { throw .failed(call: "listen", subject: path, errno: errno) }
        guard let status = status(path) else { throw .failed(call: "lstat", subject: path, errno: errno) }
        return (status.device, status.inode)
    }

    private static func removeStale(_ path: String) throws(ListenFault) {
        switch try state(of: path) {
        case .absent: break
        case .live: throw .live(path: path)
        case .stale:
            guard unlink(path) == 0 || errno == ENOENT else {
                throw .failed(call: "unlink", subject: path, errno: errno)
            }
        }
    }

    private enum State {
        case absent
        /// Left behind.
        case stale
        /// Somebody answers on it.
        case live
    }

    private static func state(of path: String) throws(ListenFault) -> State {
        guard let status = status(path) else { return .absent }
        guard status.isSocket else { throw .notASocket(path: path) }
        let probe = UnixStreamSocket.open(isNonBlocking: true)
        guard probe >= 0 else { throw .failed(call: "socket", subject: path, errno: errno) }
        defer { close(probe) }
        if UnixStreamSocket.withAddress(path, { connect(probe, $0, $1) }) == 0 { return .live }
        switch errno {
        case ECONNREFUSED: return .stale
        case ENOENT: return .absent
        // A queue full of connections is a daemon's that lives.
        case EAGAIN: return .live
        default: throw .failed(call: "connect", subject: path, errno: errno)
        }
    }

    private static func status(_ path: String) -> (isSocket: Bool, device: UInt, inode: UInt)? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return (status.st_mode & S_IFMT == S_IFSOCK, UInt(status.st_dev), UInt(status.st_ino))
    }
}
