import Glibc

extension Configuration {
    /// Reads and checks a configuration file.
    ///
    /// - Throws: every fault of the file at once.
    public static func load(path: String) throws(ConfigurationFaults) -> Configuration {
        switch contents(of: path) {
        case .success(let bytes):
            return try parse(bytes, file: path, directory: ConfiguredPath.directory(of: path))
        case .failure(let problem):
            let place = SourceLocation(line: 1, column: 1, key: "")
            let expected = "a regular file that can be read"
            throw ConfigurationFaults([.init(file: path, location: place, value: problem.text, expected: expected)])
        }
    }

    /// Checks a configuration that is in memory.
    ///
    /// - Parameters:
    ///   - file: what faults call it.
    ///   - directory: absolute folder that relative paths are resolved against.
    public static func parse(
        _ text: String,
        file: String = "picket.yaml",
        directory: String = "/"
    ) throws(ConfigurationFaults) -> Configuration {
        try parse(Array(text.utf8), file: file, directory: directory)
    }

    /// Checks a configuration's bytes, which need not be text.
    public static func parse(
        _ bytes: [UInt8],
        file: String = "picket.yaml",
        directory: String = "/"
    ) throws(ConfigurationFaults) -> Configuration {
        let faults = FaultLog(file: file)
        var configuration: Configuration?
        if let source = SourceText(bytes, faults: faults), let root = YAMLDocument.root(of: source, faults: faults) {
            configuration = Configuration(root, file: file, directory: directory, faults: faults)
        }
        guard faults.isEmpty else { throw ConfigurationFaults(faults.sorted) }
        guard let configuration else {
            preconditionFailure("a configuration is missing, and no reader logged why")
        }
        return configuration
    }

    private struct ReadProblem: Error {
        var text: String
    }

    /// At most one byte more than the largest accepted file.
    private static func contents(of path: String) -> Result<[UInt8], ReadProblem> {
        // Without O_NONBLOCK, a FIFO in the file's place would hold the daemon until somebody writes.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .failure(.init(text: String(cString: strerror(errno)))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .failure(.init(text: "not a regular file"))
        }
        var bytes = [UInt8](repeating: 0, count: SourceText.byteLimit + 1)
        var filled = 0
        while filled < bytes.count {
            let count = bytes[filled...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(.init(text: String(cString: strerror(errno))))
            }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return .success(bytes)
    }
}
