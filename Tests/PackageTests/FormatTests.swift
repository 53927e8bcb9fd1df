import Foundation
import Testing

@Suite struct FormatTests {
    @Test func everySwiftFileIsFormatted() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["swift", "format", "lint", "--strict", "--parallel", "--recursive", "--configuration", ".swift-format"]
            + ["Package.swift", "Sources", "Plugins", "Tests"]
        process.currentDirectoryURL = Repository.root
        let output = Pipe()
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
    }

    /// One idea a file: past 400 lines there is more than one.
    @Test(arguments: ["Sources", "Plugins", "Tests"])
    func filesAreShort(folder: String) throws {
        for file in try Repository.swiftFiles(below: folder) where !file.lastPathComponent.hasSuffix(".pb.swift") {
            let lines = try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
            #expect(lines.count <= 401, "\(file.lastPathComponent) has \(lines.count) lines")
        }
    }
}
