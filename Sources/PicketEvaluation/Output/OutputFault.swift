/// A file or folder that can't be written to.
public struct OutputFault: Error, Sendable, CustomStringConvertible {
    /// Its path, and what is wrong with it.
    public let description: String

    package init(_ path: String, _ reason: String) {
        description = "\(path): \(reason)"
    }
}
