import Foundation
import PicketDetection
import Synchronization
import Testing

/// The C plugin of `Tests/Cases/plugins/probe.c`, compiled once for each set of flags.
enum ProbePlugin {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let built = Mutex<[[String]: String]>([:])

    /// A folder that holds `libpicket-NAME.so`, compiled with these flags.
    static func directory(_ flags: [String] = [], name: String = "probe") throws -> String {
        try built.withLock { built in
            let key = flags + [name]
            if let known = built[key] { return known }
            let folder = FileManager.default.temporaryDirectory.appending(path: "picket-probe-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o755]
            )
            try compile(flags, to: folder.appending(path: "libpicket-\(name).so"))
            built[key] = folder.path
            return folder.path
        }
    }

    static func plugin(_ flags: [String] = [], name: String = "probe") throws -> Plugin {
        let naming = name == "probe" ? [] : ["-DNAME=\"\(name)\""]
        return try Plugin(named: name, in: [directory(flags + naming, name: name)])
    }

    /// Flag of a probe that is an old binary: built against the header of version 1.0, its table at the end of what may be read.
    static let old = "ABI-1.0"

    private static func expanded(_ flag: String) -> [String] {
        flag == old ? ["-DGUARDED", "-I", root.appending(path: "Tests/Cases/plugins/abi-1.0").path] : [flag]
    }

    private static func compile(_ flags: [String], to library: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["clang", "-std=c11", "-O1", "-shared", "-fPIC", "-w"] + flags.flatMap(expanded)
            + [
                "-I", root.appending(path: "Sources/CPicketABI/include").path,
                root.appending(path: "Tests/Cases/plugins/probe.c").path, "-o", library.path, "-lm",
            ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "clang compiles the probe plugin with \(flags)")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: library.path)
    }
}
