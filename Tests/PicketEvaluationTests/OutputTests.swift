import Foundation
import PicketConfiguration
import PicketEvaluation
import Testing

@Suite("Outputs are tried before the work") struct OutputTests {
    private static func inScratch(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "picket-output-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("kept".utf8).write(to: folder.appending(path: "file"))
        try await body(folder)
    }

    @Test func foldersAreMadeAndLeftEmpty() async throws {
        try await Self.inScratch { scratch in
            let path = scratch.appending(path: "a/b").path
            let folder = try OutputFolder(path, files: ["x"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
            try folder.write([1, 2], to: "x")
            #expect(try Data(contentsOf: scratch.appending(path: "a/b/x")) == Data([1, 2]))
        }
    }

    @Test func whatIsNoFolder() async throws {
        try await Self.inScratch { scratch in
            func fault(_ path: String, files: [String] = []) -> String {
                let fault = #expect(throws: OutputFault.self) { try OutputFolder(path, files: files) }
                return fault?.description ?? ""
            }
            let file = scratch.appending(path: "file").path
            #expect(fault(file) == "\(file): is a file, expected a folder")
            #expect(fault(file + "/below").contains("can't be made"))
            #expect(fault("/proc/self").contains("nothing can be written to /proc/self"))
            // A folder stands where a file of the report belongs.
            try FileManager.default.createDirectory(
                at: scratch.appending(path: "evaluation.md"),
                withIntermediateDirectories: false
            )
            #expect(fault(scratch.path, files: ["evaluation.md"]).contains("is a folder, expected a file"))
        }
    }

    @Test func filesAreKeptUntilWritten() async throws {
        try await Self.inScratch { scratch in
            let path = scratch.appending(path: "file").path
            let file = try OutputFile(path)
            #expect(try Data(contentsOf: URL(filePath: path)) == Data("kept".utf8))
            try file.write([9])
            #expect(try Data(contentsOf: URL(filePath: path)) == Data([9]))
            #expect(throws: OutputFault.self) { try OutputFile(scratch.path) }
            #expect(throws: OutputFault.self) { try OutputFile(scratch.path + "/none/file") }
            #expect(!FileManager.default.fileExists(atPath: scratch.path + "/none"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["file"])
        }
    }

    /// Neither reads the data first: it is not there.
    @Test func commandsTryTheirOutputsFirst() async throws {
        try await Self.inScratch { scratch in
            let blocked = scratch.appending(path: "file").path
            let detector = "{ plugin: feature-squeezing, config: { squeezers: [ { bit-depth: 3 } ] } }"
            let configuration = try ExampleStudy.configuration([detector], calibration: "\(blocked)/fashion.json")
            let calibration = CalibrationRun(configuration, model: "fashion", logger: ExampleStudy.logger)
            await #expect(throws: OutputFault.self) {
                _ = try await calibration.run(cleanPath: "/nowhere.npz", key: nil) { _ in }
            }
            var request = EvaluationRequest(cleanPath: "/nowhere.npz", adversarialPaths: [])
            request.componentsPath = blocked
            let evaluation = EvaluationRun(configuration, model: "fashion", logger: ExampleStudy.logger)
            await #expect(throws: OutputFault.self) { _ = try await evaluation.run(request) { _, _ in } }
        }
    }
}
