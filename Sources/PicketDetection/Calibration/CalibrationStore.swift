internal import Glibc
internal import PicketCrypto

/// A calibration on disk: the JSON file, and beside it each state that a detector learnt, under its SHA-256.
public enum CalibrationStore {
    /// The most bytes that a detector's state may have.
    public static let stateByteLimit = 256 << 20

    /// Writes the states first, and then the calibration that names them, each in one step: a crash leaves the old file.
    public static func save(
        _ calibration: CalibrationFile,
        states: [String: [UInt8]],
        at path: String
    ) throws(CalibrationFault) {
        let bytes = try calibration.encoded()
        for artifact in calibration.states {
            guard let state = states[artifact.name] else {
                throw .fit("detector \(artifact.name.quoted) has no state to save")
            }
            try WholeFile.replace(statePath(artifact.sha256, beside: path), with: state)
        }
        try WholeFile.replace(path, with: bytes)
    }

    /// Reads and checks a calibration.
    public static func load(_ path: String) throws(CalibrationFault) -> CalibrationFile {
        try CalibrationFile(decoding: WholeFile.read(path, limit: CalibrationFile.byteLimit))
    }

    /// The states that a calibration names, by detector, each of them matching its digest.
    public static func states(
        of calibration: CalibrationFile,
        beside path: String
    ) throws(CalibrationFault) -> [String: [UInt8]] {
        var states: [String: [UInt8]] = [:]
        for artifact in calibration.states {
            let file = statePath(artifact.sha256, beside: path)
            let bytes = try WholeFile.read(file, limit: stateByteLimit)
            let found = SHA256Digest(of: bytes).hex
            guard found == artifact.sha256 else {
                throw .file(
                    path: file,
                    reason: "its SHA-256 is \(found), so it is not what detector "
                        + "\(artifact.name.quoted) learnt"
                )
            }
            states[artifact.name] = bytes
        }
        return states
    }

    private static func statePath(_ digest: String, beside path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "\(digest).state" }
        return "\(path[...slash])\(digest).state"
    }
}

/// Files read and replaced as a whole.
private enum WholeFile {
    static func read(_ path: String, limit: Int) throws(CalibrationFault) -> [UInt8] {
        // O_NONBLOCK: a pipe in the file's place must not hang the caller.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw fault(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fault(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .file(path: path, reason: "is no regular file") }
        guard status.st_size <= limit else {
            throw .file(path: path, reason: "\(status.st_size) bytes, expected at most \(limit)")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw fault(path)
            }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }

    static func replace(_ path: String, with bytes: [UInt8]) throws(CalibrationFault) {
        let draft = "\(path).\(getpid()).part"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw fault(draft) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                defer { unlink(draft) }
                throw fault(draft)
            }
            written += count
        }
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else {
            defer { unlink(draft) }
            throw fault(path)
        }
    }

    private static func fault(_ path: String) -> CalibrationFault {
        .file(path: path, reason: String(cString: strerror(errno)))
    }
}
