import Foundation
import PicketConfiguration
import Testing

/// Damaged and malicious files end in faults that name a place: never a trap, a hang, or memory out of proportion.
@Suite struct HostileTests {
    private static let laughs: [String] = {
        let levels = (1...30).map { level in
            "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",") + "]"
        }
        return ["a0: &a0 [x,x]"] + levels
    }()

    @Test(arguments: [
        // As values, as keys (which the library compares by value), and hidden behind what looks like a comment.
        laughs.joined(separator: "\n"),
        laughs.map { "? " + $0.drop { $0 != "&" } + "\n: 1" }.joined(separator: "\n"),
        "a: \"\n# \" : *a\n# \" , *a, *a, *a, *a\"",
        "a: &a x\nb: *a",
        "a: &a [x]\n? [*a, *a]\n: *a",
        "<<: { a: 1 }",
        "a: *undefined",
        "a: &a [*a]",
    ])
    func aliasesAreRefused(text: String) {
        let lines = Cases.faults(text)
        #expect(!lines.isEmpty)
        #expect(
            lines.allSatisfy {
                $0.contains("expected no ") || $0.contains("as key") || $0.contains("well-formed YAML")
            },
            "\(lines)"
        )
    }

    @Test(arguments: [33, 500, 990, 5_000, 200_000])
    func depthIsBounded(depth: Int) {
        let shapes = [
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth),
            String(repeating: "{a: ", count: depth) + "1" + String(repeating: "}", count: depth),
            String(repeating: "- ", count: depth) + "x",
            String(repeating: "? ", count: depth) + "x",
            String(repeating: "[", count: depth),
            String(repeating: "a: [", count: min(depth, 900)),
        ]
        // The stack of a thread that a library may call us on is smaller than the main one's.
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            for shape in shapes where shape.utf8.count < 1 << 20 {
                #expect(!Cases.faults(shape).isEmpty)
            }
            done.signal()
        }
        thread.stackSize = 128 << 10
        thread.start()
        done.wait()
    }

    @Test func lengthIsBounded() {
        let line = "picket.yaml:1:1: file: 1048577 bytes or more: expected at most 1048576 bytes"
        #expect(Cases.faults(String(repeating: "a", count: 1 << 20 + 1)) == [line])
        #expect(Cases.faults(String(repeating: "#", count: 1 << 20)).count == 1)
    }

    @Test(arguments: [
        String(repeating: "a: 1\n", count: 200_000), String(repeating: "- a\n", count: 200_000),
        (0..<100_000).map { "k\($0): 1" }.joined(separator: "\n"), String(repeating: "[a,", count: 300_000),
        "a: \"" + String(repeating: "\\u0041", count: 150_000) + "\"", String(repeating: "---\n", count: 200_000),
        String(repeating: "!a ", count: 300_000), String(repeating: "'", count: 1 << 20), "%YAML 9.9\n---\na: 1",
        String(repeating: "[", count: 900) + String(repeating: "a,", count: 500_000),
        String(repeating: "{", count: 900) + String(repeating: "a,", count: 500_000),
        String(repeating: "a\n", count: 500_000), String(repeating: "  ", count: 500_000) + "a: 1",
        String(repeating: "? a\n", count: 250_000), String(repeating: ":", count: 1 << 20),
    ])
    func sizeIsNoTrap(text: String) {
        let lines = Cases.faults(text)
        #expect(!lines.isEmpty)
        #expect(lines.count <= 100)
    }

    @Test func faultsStayPrintableAndShort() {
        let name = "\u{1b}[2J\u{202E}" + String(repeating: "x", count: 5000)
        let key = name.replacingOccurrences(of: "\u{1b}", with: "\\e")
        let lines = Cases.faults("? \"\(key)\"\n: 1\nlisten: \"a\\nb\"")
        #expect(lines.count >= 2)
        for line in lines {
            #expect(line.utf8.count < 600)
            #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" })
        }
    }

    /// Files that are no files: each is named, and none holds us up.
    @Test func whatIsNoFileIsRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("picket-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let fifo = folder.appendingPathComponent("fifo").path
        #expect(mkfifo(fifo, 0o600) == 0)
        for (path, problem) in [
            (folder.path + "/absent", "No such file or directory"), (folder.path, "not a regular file"),
            (fifo, "not a regular file"), ("/dev/zero", "not a regular file"),
        ] {
            let error = #expect(throws: ConfigurationFaults.self) { try Configuration.load(path: path) }
            #expect(error?.description == "\(path):1:1: file: \(problem): expected a regular file that can be read")
        }
    }

    @Test func pathsAreRelativeToTheFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("picket-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("picket.yaml").path
        try Cases.text().write(toFile: file, atomically: true, encoding: .utf8)
        let configuration = try Configuration.load(path: file)
        #expect(configuration.file == file)
        #expect(configuration.models[0].file.resolved == folder.path + "/m.onnx")
    }
}
