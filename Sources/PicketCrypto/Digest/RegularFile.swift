internal import Glibc

/// Why a file could not be read.
public struct FileFault: Error, Hashable, CustomStringConvertible {
    public var path: String
    public var reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }
}

/// Reading regular files in parts.
enum RegularFile {
    static let partByteCount = 1 << 20

    /// Hands the file to `body` part by part.
    static func read(_ path: String, _ body: (UnsafeRawBufferPointer) -> Void) throws(FileFault) {
        // Without O_NONBLOCK, opening a pipe that nobody writes would hang before fstat could refuse it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw fault(path, "cannot be opened") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault(path, "cannot be examined") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileFault(path: path, reason: "is no regular file") }
        // Owned by this call and freed on every way out; the parts handed on are valid for their call only.
        let part = UnsafeMutableRawBufferPointer.allocate(byteCount: partByteCount, alignment: 64)
        defer { part.deallocate() }
        while true {
            let count = Glibc.read(descriptor, part.baseAddress, part.count)
            if count == 0 { return }
            if count < 0 {
                if errno == EINTR { continue }
                throw fault(path, "cannot be read")
            }
            body(UnsafeRawBufferPointer(rebasing: part[..<count]))
        }
    }

    private static func fault(_ path: String, _ what: String) -> FileFault {
        FileFault(path: path, reason: "\(what): \(String(cString: strerror(errno)))")
    }
}
