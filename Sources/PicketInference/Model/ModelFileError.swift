internal import Glibc

/// Why a model's file, or a file with its weights, is not read.
public enum ModelFileError: Error, Hashable, CustomStringConvertible {
    /// A system call failed with `errno` `code`.
    case system(path: String, call: String, code: Int32)
    /// A folder, device, socket or FIFO.
    case notRegular(path: String)
    /// More bytes than the limit.
    case tooLarge(path: String, bytes: Int, limit: Int)
    /// External data whose location is absolute, climbs with `..`, goes through a symbolic link, or is empty.
    case outsideFolder(location: String, reason: String)

    public var description: String {
        switch self {
        case .system(let path, let call, let code): "\(path): \(call) failed: \(String(cString: strerror(code)))"
        case .notRegular(let path): "\(path): not a regular file"
        case .tooLarge(let path, let bytes, let limit): "\(path): \(bytes) bytes, expected at most \(limit)"
        case .outsideFolder(let location, let reason):
            "external data \(location.quotedForMessage): \(reason); expected a path of plain names below the model's folder"
        }
    }
}
