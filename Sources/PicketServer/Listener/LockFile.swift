internal import Glibc
internal import Synchronization

/// A file beside a socket that one process holds at a time: whoever starts on the same path finds it taken.
///
/// Only its owner can open it. A lock on the socket's folder could be held by anybody who may open the folder.
final class LockFile: Sendable {
    private let path: String
    /// Nil once the lock is given back.
    private let descriptor: Mutex<Int32?>

    /// Takes the lock at once; nil where another process has it.
    init?(_ path: String) throws(ListenFault) {
        self.path = path
        var held: Int32?
        // Its holder removes the file when it leaves: a lock on a file that has no name any more keeps nobody out.
        for _ in 0..<16 where held == nil {
            let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw .failed(call: "open", subject: path, errno: errno) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                close(descriptor)
                if code == EWOULDBLOCK { return nil }
                throw .failed(call: "flock", subject: path, errno: code)
            }
            if LockFile.names(path, descriptor) { held = descriptor } else { close(descriptor) }
        }
        guard let held else { return nil }
        descriptor = Mutex(held)
    }

    deinit {
        release()
    }

    /// Removes the file and gives the lock back; once.
    func release() {
        let held = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        guard let held else { return }
        // In this order: what is removed is still this process's.
        if LockFile.names(path, held) { unlink(path) }
        close(held)
    }

    /// Whether the file at `path` is the open one.
    private static func names(_ path: String, _ descriptor: Int32) -> Bool {
        var (named, opened) = (stat(), stat())
        guard lstat(path, &named) == 0, fstat(descriptor, &opened) == 0 else { return false }
        return named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
    }
}
