import Foundation
import PicketDetection
import Testing

@Suite("Loading plugins")
struct PluginLoadingTests {
    @Test func soundPluginLoads() throws {
        let plugin = try ProbePlugin.plugin()
        #expect(plugin.name == "probe")
        #expect(plugin.version == "1.2.3")
        #expect(!plugin.learns)
        #expect(try ProbePlugin.plugin(["-DLEARNS"]).learns)
    }

    @Test(arguments: [
        (["-DMAGIC=1"], "magic number"),
        (["-DMAJOR=2"], "ABI version 2, expected 1"),
        (["-DSIZE=16"], "16 bytes"),
        (["-DNAME=\"other\""], "calls itself \"other\""),
        (["-DNAME=NULL"], "its name is not"),
        (["-DVERSION=NULL"], "its version is not"),
        (["-DVERSION=\"\""], "its version is not"),
        (["-DSCORE=NULL"], "no score"),
        (["-DOBSERVES"], "not supported in this version"),
        (["-DNO_TABLE"], "returns no table"),
        (["-DNO_ENTRY"], "exports no picket_plugin_entry"),
    ])
    func unsoundTable(flags: [String], reason: String) throws {
        let directory = try ProbePlugin.directory(flags)
        let fault = #expect(throws: PluginFault.self) { try Plugin(named: "probe", in: [directory]) }
        guard case .incompatible(_, let found)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(found.contains(reason))
    }

    @Test(arguments: ["", "../probe", "Probe", "probe/x", "9probe", "pro\u{0}be", String(repeating: "a", count: 65)])
    func noName(name: String) {
        #expect(throws: PluginFault.name(name)) { try Plugin(named: name, in: ["/"]) }
    }

    @Test func missing() throws {
        let empty = try folder()
        #expect(throws: PluginFault.missing(plugin: "probe", directories: [empty, "/nonexistent"])) {
            try Plugin(named: "probe", in: [empty, "/nonexistent"])
        }
    }

    @Test func firstDirectoryWins() throws {
        let first = try ProbePlugin.directory(["-DVERSION=\"1\""])
        let second = try ProbePlugin.directory(["-DVERSION=\"2\""])
        #expect(try Plugin(named: "probe", in: [try folder(), first, second]).version == "1")
        #expect(try Plugin(named: "probe", in: [second, first]).version == "2")
    }

    @Test func notALibrary() throws {
        let directory = try folder()
        try Data("no library".utf8).write(to: URL(filePath: directory + "/libpicket-probe.so"))
        let fault = #expect(throws: PluginFault.self) { try Plugin(named: "probe", in: [directory]) }
        guard case .unloadable(let path, let reason)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(path.hasSuffix("libpicket-probe.so"))
        #expect(!reason.isEmpty)
    }

    enum Weakness: CaseIterable {
        case groupWritesFile, othersWriteFile, groupWritesFolder, othersWriteFolder, stickyFolder, foreignFile
        case foreignFolder, link, pipe, writableParent
    }

    /// Owners can only be changed by root; the two cases about them are skipped for anybody else.
    @Test(arguments: Weakness.allCases)
    func unsafe(_ weakness: Weakness) throws {
        let parent = try folder()
        let directory = parent + "/plugins"
        let files = FileManager.default
        try files.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let library = directory + "/libpicket-probe.so"
        try files.copyItem(atPath: ProbePlugin.directory() + "/libpicket-probe.so", toPath: library)
        #expect(chmod(directory, 0o755) == 0 && chmod(library, 0o644) == 0)
        _ = try Plugin(named: "probe", in: [directory])
        switch weakness {
        case .groupWritesFile: #expect(chmod(library, 0o664) == 0)
        case .othersWriteFile: #expect(chmod(library, 0o646) == 0)
        case .groupWritesFolder: #expect(chmod(directory, 0o775) == 0)
        case .othersWriteFolder: #expect(chmod(directory, 0o777) == 0)
        case .stickyFolder: #expect(chmod(directory, 0o1777) == 0)
        case .writableParent: #expect(chmod(parent, 0o777) == 0)
        case .foreignFile where geteuid() == 0: #expect(chown(library, 12345, 12345) == 0)
        case .foreignFolder where geteuid() == 0: #expect(chown(directory, 12345, 12345) == 0)
        case .foreignFile, .foreignFolder: return
        case .link:
            try files.moveItem(atPath: library, toPath: directory + "/real.so")
            try files.createSymbolicLink(atPath: library, withDestinationPath: directory + "/real.so")
        case .pipe:
            try files.removeItem(atPath: library)
            #expect(mkfifo(library, 0o644) == 0)
        }
        let fault = #expect(throws: PluginFault.self) { try Plugin(named: "probe", in: [directory]) }
        guard case .unsafe(_, let reason)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(!reason.isEmpty)
    }

    private func folder() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "picket-plugins-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        #expect(chmod(folder.path, 0o755) == 0)
        return folder.path
    }
}
