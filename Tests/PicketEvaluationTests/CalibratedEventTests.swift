import Foundation
import PicketCrypto
import PicketEvaluation
import Testing

@Suite("The event of a calibration") struct CalibratedEventTests {
    /// One line where the daemon's file of events is; none, and no file, where it is not.
    @Test(arguments: [true, false])
    func goesWhereEventsGo(isThere: Bool) async throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "picket-event-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let events = scratch.appending(path: "events.jsonl")
        if isThere { try Data("{}\n".utf8).write(to: events) }
        let configuration = try ExampleStudy.configuration(
            ["{ plugin: feature-squeezing, config: { squeezers: [ { bit-depth: 3 } ] } }"],
            edits: [("file: events.jsonl", "file: \(events.path)"), ("journal: true", "journal: false")],
            calibration: scratch.appending(path: "new/fashion.json").path
        )
        let key = RandomnessKey(publicConstant: SHA256Digest(of: "event"))
        let summary = try await CalibrationRun(configuration, model: "fashion", logger: ExampleStudy.logger)
            .run(cleanPath: ExampleStudy.clean, key: key) { _ in }
        guard isThere else {
            #expect(!FileManager.default.fileExists(atPath: events.path))
            return
        }
        let lines = try String(contentsOf: events, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        let event = try #require(JSONSerialization.jsonObject(with: Data(lines[1].utf8)) as? [String: Any])
        #expect(event["event"] as? String == "calibrated" && event["model"] as? String == "fashion")
        #expect(event["key_id"] as? String == key.id && event["count"] as? Int == 2000)
        let details = try #require(event["details"] as? [String: String])
        #expect(details["chain_digest"] == summary.chainDigest && details["rate"] == "0.05")
        #expect(try details["file_sha256"] == SHA256Digest(ofFile: summary.file).hex)
    }
}
