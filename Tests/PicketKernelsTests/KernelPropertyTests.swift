import CPicketKernels
import Foundation
import Testing

/// The property tests in `Tests/KernelProperties`, which are plain C so that they run wherever the kernels do.
@Suite("kernel properties")
struct KernelPropertyTests {
    static let emulator = "/usr/bin/qemu-aarch64-static"

    /// What the script printed, and its status.
    static func run(_ target: String) throws -> (text: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../KernelProperties/run.sh")
        process.arguments = [target]
        let output = Pipe()
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (text, process.terminationStatus)
    }

    /// Thousands of cases ran on this level, and all held.
    static func expectHeld(_ level: String, in text: String) throws {
        let summary = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(level): ") }, "\(text)")
        let cases = try #require(summary.firstMatch(of: /: ([0-9,]+) cases, 0 failures/), "\(text)")
        #expect(try #require(Int(cases.1.filter { $0 != "," })) > 10_000)
    }

    @Test("every level of this machine")
    func native() throws {
        let (text, status) = try Self.run("native")
        #expect(status == 0, "\(text)")
        for level in KernelLevel.available {
            try Self.expectHeld(level.description, in: text)
        }
    }

    @Test(
        "64-bit Arm under an emulator",
        .enabled(if: FileManager.default.isExecutableFile(atPath: emulator), "deploy/packages.sh test installs it")
    )
    func emulated() throws {
        let (text, status) = try Self.run("neon")
        #expect(status == 0, "\(text)")
        try Self.expectHeld("portable", in: text)
        try Self.expectHeld("neon", in: text)
    }
}
