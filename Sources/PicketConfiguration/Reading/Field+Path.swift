import Glibc

extension Field {
    /// A path, resolved against the folder of the file that names it.
    ///
    /// - Parameter limit: most bytes of the resolved path; the kernel's `PATH_MAX` less its terminator by default.
    func path(relativeTo directory: String, limit: Int = 4095) -> ConfiguredPath? {
        guard let written = text("a path"), !written.isEmpty else {
            refuse("a path")
            return nil
        }
        let resolved = ConfiguredPath.resolve(written, against: directory)
        guard resolved.utf8.count <= limit else {
            refuse("a path that is at most \(limit) bytes long, once resolved to \(Printable.text(resolved))")
            return nil
        }
        return ConfiguredPath(written: written, resolved: resolved, location: location)
    }
}

/// A path that a configuration names.
public struct ConfiguredPath: Hashable, Sendable {
    /// As the file has it.
    public var written: String
    /// Absolute; a relative one was resolved against the folder of the configuration file.
    public var resolved: String
    public var location: SourceLocation

    public init(written: String, resolved: String, location: SourceLocation) {
        self.written = written
        self.resolved = resolved
        self.location = location
    }

    /// `..` stays, since what it means depends on symbolic links.
    static func resolve(_ path: String, against directory: String) -> String {
        let full = path.hasPrefix("/") ? path : directory + "/" + path
        let parts = full.split(separator: "/").filter { $0 != "." }
        return "/" + parts.joined(separator: "/")
    }

    /// The absolute folder of `file`.
    static func directory(of file: String) -> String {
        var base = "/"
        if !file.hasPrefix("/"), let current = getcwd(nil, 0) {
            base = String(cString: current)
            free(current)
        }
        let parts = resolve(file, against: base).split(separator: "/").dropLast()
        return "/" + parts.joined(separator: "/")
    }
}
