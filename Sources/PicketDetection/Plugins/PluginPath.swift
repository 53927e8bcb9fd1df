internal import Glibc

/// Where a plugin's library lies, and whether anybody but root and the daemon's user could have put it there.
///
/// With the file and every folder above it in the hands of root or this user alone, nobody else can swap the file
/// between the check and the opening; so it is opened by its real path, which debuggers and `$ORIGIN` understand.
enum PluginPath {
    /// `libpicket-NAME.so` of the first directory that holds one.
    static func find(_ plugin: String, in directories: [String]) throws(PluginFault) -> String {
        guard isName(plugin) else { throw .name(plugin) }
        let file = "libpicket-\(plugin).so"
        for directory in directories {
            var status = stat()
            guard lstat("\(directory)/\(file)", &status) == 0 else {
                if errno == ENOENT || errno == ENOTDIR { continue }
                throw .unsafe(path: "\(directory)/\(file)", reason: String(cString: strerror(errno)))
            }
            let folder = try resolve(directory)
            let path = folder == "/" ? "/\(file)" : "\(folder)/\(file)"
            try checkFile(path)
            try checkFolders(above: path)
            return path
        }
        throw .missing(plugin: plugin, directories: directories)
    }

    static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, bytes.count <= 64 else { return false }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return letters.contains(first)
            && bytes.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }
    }

    private static func resolve(_ directory: String) throws(PluginFault) -> String {
        // realpath allocates its answer; it is copied into a String and freed here.
        guard let resolved = realpath(directory, nil) else {
            throw .unsafe(path: directory, reason: String(cString: strerror(errno)))
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func checkFile(_ path: String) throws(PluginFault) {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw .unsafe(path: path, reason: String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unsafe(path: path, reason: "it is no regular file") }
        if let reason = weakness(status, sticky: false) { throw .unsafe(path: path, reason: "it \(reason)") }
    }

    private static func checkFolders(above path: String) throws(PluginFault) {
        var folder = path
        var isOwnFolder = true
        while folder != "/", let slash = folder.lastIndex(of: "/") {
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
            var status = stat()
            guard lstat(folder, &status) == 0 else {
                throw .unsafe(path: path, reason: "\(folder): \(String(cString: strerror(errno)))")
            }
            // In a sticky folder such as /tmp, others can add names, but not rename or replace ours; the library's own
            // folder gets no such leave, since an added name is a plugin.
            if let reason = weakness(status, sticky: !isOwnFolder && status.st_mode & S_ISVTX != 0) {
                throw .unsafe(path: path, reason: "its folder \(folder) \(reason)")
            }
            isOwnFolder = false
        }
    }

    /// What lets somebody else write there.
    private static func weakness(_ status: stat, sticky: Bool) -> String? {
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            return "belongs to user \(status.st_uid), expected root or user \(geteuid())"
        }
        if !sticky, status.st_mode & (S_IWGRP | S_IWOTH) != 0 {
            return "can be written by \(status.st_mode & S_IWOTH != 0 ? "everybody" : "group \(status.st_gid)")"
        }
        return nil
    }
}
