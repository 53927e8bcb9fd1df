import Foundation
import PicketDetection
import Testing

@Suite("A calibration's digests")
struct CalibrationDigestTests {
    private static func otherKeysFile() async throws -> CalibrationFile {
        var calibrator = try CalibratorTests.calibrator(["plain", "drawn"])
        calibrator.key = ChainFixture.otherKey
        return try await calibrator.calibrate(
            on: RowsInMemory(tensor: ChainFixture.rows(240, from: 1)),
            created: CalibratorTests.created,
            progress: { _ in }
        ).file
    }

    /// What no other check could tell: content that is valid by itself, and not what was written.
    @Test(arguments: [
        ("model", "\"other\"", "model"), ("created", "\"2020-01-01T00:00:00Z\"", "created"),
        ("split_seed", "8", "split_seed"), ("key_id", "\"0011223344556677\"", "key_id"), ("counts.fit", "3", "counts"),
        ("detectors.0.weight", "0.001", "detectors"), ("detectors.0.version", "\"9\"", "detectors"),
        ("rows.salt", "\"\(String(repeating: "0", count: 32))\"", "rows"), ("rows.codes", "\"\"", "rows"),
        ("golden.score", "0.5", "golden"),
        ("promise.confidence", "0.94", "promise"), ("method", "\"fisher\"", "method"),
        ("states", "[{\"name\":\"a\",\"sha256\":\"\(String(repeating: "a", count: 64))\"}]", "states"),
        ("models.0.name", "\"else\"", "models"), ("digests.fields.rows", "\"\"", "rows"),
        ("digests.fields.more", "\"\"", "digests"), ("digests.all", "\"\"", "digests"),
        ("digests", "{\"fields\":{},\"all\":\"\"}", "model"), ("digests", "null", "digests"),
    ])
    func editedField(path: String, value: String, field: String) async throws {
        let bytes = try await CalibratorTests.outcome().file.encoded()
        let edited = try CalibrationText.edit(bytes, path.split(separator: ".").map(String.init), value)
        #expect(edited != bytes)
        let fault = #expect(throws: CalibrationFault.self) { try CalibrationFile(decoding: edited) }
        guard case .content(let named, let reason)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(named == field, "\(reason)")
        #expect(reason.contains("edited or damaged") == (field != "digests"), "\(reason)")
    }

    /// A raised clean score raises no threshold, though the scores are still ascending.
    @Test func editedScore() async throws {
        let bytes = try await CalibratorTests.outcome().file.encoded()
        let old = try #require(try CalibrationText.part(of: bytes, ["strata", "0", "scores"]) as? String)
        var packed = try #require(Data(base64Encoded: String(old.dropFirst("float64:".count))))
        withUnsafeBytes(of: (1e6).bitPattern.littleEndian) {
            packed.replaceSubrange(packed.count - 8..<packed.count, with: $0)
        }
        let edited = try CalibrationText.edit(
            bytes,
            ["strata", "0", "scores"],
            "\"float64:\(packed.base64EncodedString())\""
        )
        let fault = #expect(throws: CalibrationFault.self) { try CalibrationFile(decoding: edited) }
        #expect(fault?.description.contains("strata: has the SHA-256") == true, "\(String(describing: fault))")
    }

    /// Two calibrations' fields are no calibration, though each has its digest.
    @Test func mixedFiles() async throws {
        let bytes = try await CalibratorTests.outcome().file.encoded()
        let other = try await CalibrationDigestTests.otherKeysFile().encoded()
        var mixed = bytes
        for path in [["rows"], ["digests", "fields", "rows"]] {
            let part = try #require(try CalibrationText.part(of: other, path))
            let text = try JSONSerialization.data(withJSONObject: part, options: .fragmentsAllowed)
            mixed = try CalibrationText.edit(mixed, path, String(decoding: text, as: UTF8.self))
        }
        #expect(mixed != bytes)
        let fault = #expect(throws: CalibrationFault.self) { try CalibrationFile(decoding: mixed) }
        #expect(fault?.description.contains("digests") == true, "\(String(describing: fault))")
    }

    /// Another order of keys or other spaces are the same content.
    @Test func writtenOtherwise() async throws {
        let file = try await CalibratorTests.outcome().file
        let object = try JSONSerialization.jsonObject(with: Data(file.encoded()))
        let text = try JSONSerialization.data(withJSONObject: object, options: .prettyPrinted)
        #expect(try CalibrationFile(decoding: Array(text)) == file)
    }

    /// The digests are what the documentation says they are.
    @Test func documentedDigests() async throws {
        let bytes = try await CalibratorTests.outcome().file.encoded()
        #expect(try CalibrationText.seal(bytes) == bytes)
    }
}
