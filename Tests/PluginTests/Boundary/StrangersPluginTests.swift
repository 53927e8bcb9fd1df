import CPicketABI
import Foundation
import Testing

/// A plugin that knows nothing but the public header: `Examples/plugin-c`, compiled here.
@Suite struct StrangersPluginTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Compiles the example into a folder of its own.
    private func compiled() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("picket-plugin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // The header goes into an empty folder, so that nothing else of the package can be included.
        let header = StrangersPluginTests.root.appendingPathComponent("Sources/CPicketABI/include/picket_plugin.h")
        try Data(contentsOf: header).write(to: folder.appendingPathComponent("picket_plugin.h"))
        let library = folder.appendingPathComponent("libpicket-brightness.so")
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = [
            "clang", "-std=c11", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-shared", "-fPIC",
            "-fvisibility=hidden", "-I", folder.path,
            StrangersPluginTests.root.appendingPathComponent("Examples/plugin-c/brightness.c").path, "-o", library.path,
        ]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0, "the example compiles against the header alone")
        return library
    }

    @Test func theHeaderIsEnough() throws {
        let plugin = try PluginLibrary.loaded(try compiled())
        #expect(String(cString: plugin.pointee.name) == "brightness")

        let untrained = try HostedDetector(plugin, configuration: "{}", extents: [1, 1, 2])
        #expect(try untrained.score([0.25, 0.75]) { _, _ in [] } == ["off-brightness": 0])
        let state = try untrained.fit([[0, 0], [0.5, 0.5]])
        let trained = try HostedDetector(plugin, configuration: "null", extents: [1, 1, 2], state: state)
        #expect(try trained.score([0.25, 0.75]) { _, _ in [] } == ["off-brightness": 0.25])

        let sentence = "config: expected none, brightness has no settings"
        #expect(throws: HostedFault(status: PICKET_INVALID, message: sentence)) {
            try HostedDetector(plugin, configuration: #"{"level": 1}"#)
        }
        #expect(throws: HostedFault(status: PICKET_INVALID, message: "state: expected 8 bytes")) {
            try HostedDetector(plugin, configuration: "{}", state: [1])
        }
    }
}
