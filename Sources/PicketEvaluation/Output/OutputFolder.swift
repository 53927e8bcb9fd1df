import Foundation

/// A folder that results go to, tried before the work whose results they are.
public struct OutputFolder: Sendable {
    public let path: String

    /// Makes the folder where it is missing, and tries whether files can be written into it.
    ///
    /// - Parameter files: names of files that will be.
    /// - Throws: ``OutputFault`` for a file in its place, or no right to write.
    public init(_ path: String, files: [String] = []) throws(OutputFault) {
        self.path = path
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw OutputFault(path, "is a file, expected a folder") }
        } else {
            do {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            } catch {
                throw OutputFault(path, "the folder can't be made: \(error.localizedDescription)")
            }
        }
        try OutputFile.tryNewFile(in: path, for: path)
        for name in files { _ = try file(name) }
    }

    /// Writes a file of the folder.
    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws(OutputFault) {
        try file(name).write(bytes)
    }

    private func file(_ name: String) throws(OutputFault) -> OutputFile {
        try OutputFile(URL(filePath: path).appending(path: name).path)
    }
}
