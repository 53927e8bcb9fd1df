import Foundation

/// A file that a result goes to, tried before the work whose result it is: nobody wants to learn after an hour that the
/// file can't be written.
public struct OutputFile: Sendable {
    public let path: String

    /// Tries whether the file could be written; what stands in it stays until it is.
    ///
    /// - Throws: ``OutputFault`` for a folder in its place, a folder around it that is missing, or no right to write.
    public init(_ path: String) throws(OutputFault) {
        self.path = path
        var status = stat()
        guard stat(path, &status) == 0 else {
            try OutputFile.tryNewFile(in: URL(filePath: path).deletingLastPathComponent().path, for: path)
            return
        }
        if status.st_mode & S_IFMT == S_IFDIR { throw OutputFault(path, "is a folder, expected a file") }
        // Opened without waiting and without a change: a pipe in its place must hang nobody.
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw OutputFault(path, String(cString: strerror(errno))) }
        close(descriptor)
    }

    /// Writes all of the file's bytes.
    public func write(_ bytes: some Sequence<UInt8>) throws(OutputFault) {
        do {
            try Data(bytes).write(to: URL(filePath: path))
        } catch {
            throw OutputFault(path, error.localizedDescription)
        }
    }

    /// Makes a file in a folder, and takes it away.
    ///
    /// - Parameter path: what the fault names.
    static func tryNewFile(in folder: String, for path: String) throws(OutputFault) {
        let trial = "\(folder)/.picket-\(getpid()).trial"
        let descriptor = open(trial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw OutputFault(path, "nothing can be written to \(folder): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        unlink(trial)
    }
}
