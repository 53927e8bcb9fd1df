import Glibc
import Synchronization

/// Events as lines of JSON at the end of a file.
///
/// A line is written with one call, so that others may append to the same file. What cannot be written (disk full,
/// folder gone) is counted and lost; the file is opened again for the next event.
public final class JSONLinesSink: EventSink {
    private struct State {
        var descriptor: Int32 = -1
        /// The file ends within a line, after a full disk or a power cut: the next event begins on a line of its own.
        var isTorn = false
    }

    public let name = "file"
    public let path: String
    private let state = Mutex(State())

    /// The file is made (mode 0640, less the umask) with the first event, or by ``open()``.
    public init(path: String) {
        self.path = path
    }

    deinit {
        close()
    }

    /// Opens the file now, so that a path that cannot be written is known before the first event.
    ///
    /// - Returns: nil, or the error number of open(2).
    public func open() -> Int32? {
        state.withLock { Self.open(path, &$0) }
    }

    /// Lets go of the file; the next event opens what then lies at the path. For log rotation.
    public func reopen() {
        state.withLock { Self.close(&$0) }
    }

    public func write(_ events: [Event]) -> SinkResult {
        var result = SinkResult(written: 0, failed: 0)
        state.withLock { state in
            for event in events {
                if Self.write(event.json + [UInt8(ascii: "\n")], to: path, &state) {
                    result.written += 1
                } else {
                    result.failed += 1
                }
            }
        }
        return result
    }

    public func close() {
        state.withLock { Self.close(&$0) }
    }

    private static func write(_ line: [UInt8], to path: String, _ state: inout State) -> Bool {
        guard open(path, &state) == nil else { return false }
        let bytes = state.isTorn ? [UInt8(ascii: "\n")] + line : line
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(state.descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                written += count
            } else if count < 0, errno == EINTR {
                continue
            } else {
                break
            }
        }
        if written == bytes.count {
            state.isTorn = false
            return true
        }
        close(&state)
        return false
    }

    private static func open(_ path: String, _ state: inout State) -> Int32? {
        guard state.descriptor < 0 else { return nil }
        // O_NONBLOCK: a FIFO without a reader is an error, not a wait.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        state.descriptor = Glibc.open(path, flags, 0o640)
        guard state.descriptor >= 0 else { return errno }
        state.isTorn = endsWithinLine(path)
        return nil
    }

    private static func endsWithinLine(_ path: String) -> Bool {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { _ = Glibc.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            return false
        }
        var last: UInt8 = 0
        return pread(descriptor, &last, 1, status.st_size - 1) == 1 && last != UInt8(ascii: "\n")
    }

    private static func close(_ state: inout State) {
        guard state.descriptor >= 0 else { return }
        _ = Glibc.close(state.descriptor)
        state.descriptor = -1
    }
}
