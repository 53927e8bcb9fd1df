internal import Glibc

/// The folder of a model, and the files with external data that the model names in it.
///
/// A location comes from the model file and is not trusted: it leads only to regular files inside the folder. Each
/// component is opened on its own, relative to the folder before it, and none may be a symbolic link, so that neither
/// `..` nor a link leads out, even where somebody rearranges the folder meanwhile.
struct ModelFolder {
    private let path: String
    private let limits: ImportLimits
    private var files: [String: MappedFile] = [:]
    private var bytesLeft: Int

    /// The folder that holds the model file at `modelPath`.
    init(of modelPath: String, limits: ImportLimits) {
        let folder = modelPath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        path = folder.isEmpty ? (modelPath.hasPrefix("/") ? "/" : ".") : folder
        self.limits = limits
        bytesLeft = limits.externalBytes
    }

    /// Every file mapped so far, by location.
    var mapped: [String: MappedFile] { files }

    /// The file at a location of the model, mapped once however many tensors lie in it.
    ///
    /// - Throws: ``ModelFileError``.
    mutating func file(at location: String) throws(ModelFileError) -> MappedFile {
        if let file = files[location] { return file }
        guard files.count < limits.externalFiles else {
            throw .outsideFolder(location: location, reason: "more than \(limits.externalFiles) files of external data")
        }
        let file = try open(components(of: location), location)
        files[location] = file
        bytesLeft -= file.byteCount
        return file
    }

    private func components(of location: String) throws(ModelFileError) -> [String] {
        guard location.utf8.count < Int(PATH_MAX) else {
            throw .outsideFolder(location: location, reason: "\(location.utf8.count) bytes long")
        }
        guard !location.utf8.contains(0) else {
            throw .outsideFolder(location: location, reason: "holds a NUL")
        }
        guard !location.hasPrefix("/") else {
            throw .outsideFolder(location: location, reason: "absolute")
        }
        var components: [String] = []
        for part in location.split(separator: "/", omittingEmptySubsequences: false) where part != "." {
            guard !part.isEmpty else { throw .outsideFolder(location: location, reason: "has an empty name") }
            guard part != ".." else { throw .outsideFolder(location: location, reason: "climbs out with \"..\"") }
            components.append(String(part))
        }
        guard !components.isEmpty else { throw .outsideFolder(location: location, reason: "names no file") }
        return components
    }

    private func open(_ components: [String], _ location: String) throws(ModelFileError) -> MappedFile {
        let filePath = "\(path)/\(location)"
        var folder = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .system(path: path, call: "open", code: errno) }
        defer { close(folder) }
        for component in components.dropLast() {
            let next = openat(folder, component, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { throw refusal(filePath, location, errno, link: ENOTDIR, at: component, in: folder) }
            close(folder)
            folder = next
        }
        guard let name = components.last else { preconditionFailure("a checked location names a file") }
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw refusal(filePath, location, errno, link: ELOOP, at: name, in: folder) }
        defer { close(file) }
        return try MappedFile(descriptor: file, path: filePath, limit: bytesLeft)
    }

    /// What opening a component failed with; Linux answers `link` both for a link and for a file amid the path.
    private func refusal(
        _ path: String,
        _ location: String,
        _ code: CInt,
        link: CInt,
        at name: String,
        in folder: CInt
    ) -> ModelFileError {
        var status = stat()
        let isLink = fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
        guard code == link, isLink else { return .system(path: path, call: "open", code: code) }
        return .outsideFolder(location: location, reason: "goes through the symbolic link \(name.quotedForMessage)")
    }
}
