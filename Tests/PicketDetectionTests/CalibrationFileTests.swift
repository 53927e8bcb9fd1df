import Foundation
import PicketCrypto
import PicketDetection
import PicketTensor
import Testing

@Suite("The calibration file")
struct CalibrationFileTests {
    @Test func roundTrip() async throws {
        let file = try await CalibratorTests.outcome().file
        let bytes = try file.encoded()
        let read = try CalibrationFile(decoding: bytes)
        #expect(read == file)
        #expect(try read.encoded() == bytes)
    }

    @Test func savedAndLoadedWithItsStates() async throws {
        let outcome = try await CalibratorTests.outcome(["learn"], flags: ["-DLEARNS"])
        let folder = FileManager.default.temporaryDirectory.appending(path: "picket-calibration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "chain.json").path
        try CalibrationStore.save(outcome.file, states: outcome.states, at: path)
        let file = try CalibrationStore.load(path)
        #expect(file == outcome.file)
        #expect(try CalibrationStore.states(of: file, beside: path) == outcome.states)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == [file.states[0].sha256 + ".state", "chain.json"].sorted())
        // A state that was tampered with is not handed to a detector.
        try Data([1, 2, 3]).write(to: folder.appending(path: file.states[0].sha256 + ".state"))
        let fault = #expect(throws: CalibrationFault.self) { try CalibrationStore.states(of: file, beside: path) }
        #expect(fault?.description.contains("SHA-256") == true)
    }

    @Test(arguments: ["/nonexistent/picket.json", "/dev/zero", "/tmp"])
    func noFile(path: String) {
        #expect(throws: CalibrationFault.self) { try CalibrationStore.load(path) }
    }

    @Test func mismatchesNameWhatDiffers() async throws {
        let file = try await CalibratorTests.outcome(["plain", "member"]).file
        let promise = file.promise
        func found(_ chain: Chain, _ promise: Promise) -> [String] {
            file.mismatches(with: chain, promise: promise).map(\.description)
        }
        #expect(found(try ChainFixture.chain(["plain", "member"]), promise) == [])
        let otherModels = FakeRunner(digest: String(repeating: "b", count: 64))
        let models = found(try ChainFixture.chain(["plain", "member"], runner: otherModels), promise)
        #expect(models.count == 2)
        #expect(models[0].hasPrefix("model served differs: calibrated with SHA-256 aaaa"))
        let version = found(try ChainFixture.chain(["plain", "member"], flags: ["-DVERSION=\"9\""]), promise)
        #expect(version.count == 2 && version[0].contains("version was 1.2.3, is 9"))
        #expect(found(try ChainFixture.chain(["plain"]), promise).contains { $0.hasPrefix("detector member was part") })
        #expect(
            found(try ChainFixture.chain(["plain", "member", "deep"]), promise) == [
                "detector deep is new since the calibration"
            ]
        )
        #expect(found(try ChainFixture.chain(["member", "plain"]), promise).count == 1)
        let stricter = try Promise(rate: 0.01, confidence: 0.9)
        #expect(found(try ChainFixture.chain(["plain", "member"]), stricter)[0].contains("0.01"))
        let byClass = try Promise(rate: promise.rate, confidence: promise.confidence, isClassConditional: true)
        #expect(found(try ChainFixture.chain(["plain", "member"]), byClass)[0].contains("in every predicted class"))
        let joined = file.mismatches(
            with: try ChainFixture.chain(["plain", "member"]),
            promise: promise,
            method: .fisher
        )
        #expect(joined == [.method(recorded: .twoLevel, asked: .fisher)])
        #expect(joined[0].description.contains("by two-level, the configuration asks fisher"))
    }

    /// Each edit of a good file gives an error that names the field.
    @Test(arguments: [
        ("schema", "1", "schema"), ("schema", "\"2\"", "schema"), ("model", "\"\"", "model"),
        ("promise.rate", "0", "promise"), ("promise.rate", "1e999", "(all)"),
        ("promise.guarantee", "\"marginal\"", "promise.guarantee"), ("promise.guarantee", "\"\"", "promise.guarantee"),
        ("promise.class_conditional", "true", "strata"),
        ("promise.class_conditional", "1", "promise.class_conditional"),
        ("promise.confidence", "null", "promise.confidence"), ("promise.rate_per", "\"day\"", "promise.rate_per"),
        ("method", "\"mean\"", "method"), ("method", "\"max\"", "detectors[0].family"),
        ("counts.fit", "-1", "counts.fit"), ("counts.ranks", "91", "detectors[0].components[0].ranks.ties"),
        ("counts.p_values", "9223372036854775807", "counts.p_values"), ("counts.p_values", "0", "counts.p_values"),
        ("counts.p_values", "149", "strata"), ("counts.ranks", "1e30", "(all)"),
        ("strata", "[]", "strata"), ("strata", "{}", "strata"), ("strata", "[{}]", "strata[0].rank"),
        ("strata.0.rank", "150", "strata[0].rank"), ("strata.0.rank", "-1", "strata[0].rank"),
        ("strata.0.scores", "\"float64:\"", "strata[0].rank"),
        ("strata.0.scores", "\"float64:AAA=\"", "strata[0].scores"),
        ("strata.0.scores", "[1, 2]", "strata[0].scores"), ("strata.0.scores", "\"float16:AAAA\"", "strata[0].scores"),
        ("strata.0.detectors", "[]", "strata[0].detectors"),
        ("strata.0.detectors.0", "\"float32:AAAAAA==\"", "strata[0].detectors"),
        ("detectors", "[]", "detectors"), ("detectors.0.family", "null", "detectors[0].family"),
        ("detectors.0.components.0.ranks.ties", "[0]", "detectors[0].components[0].ranks.ties"),
        ("detectors.0.components.0.ranks.ties", "[90, 2]", "detectors[0].components[0].ranks.ties[0]"),
        ("detectors.0.components.0.ranks.ties", "[-1, 2]", "detectors[0].components[0].ranks.ties[0]"),
        ("detectors.0.components.0.ranks.ties", "[0, 0]", "detectors[0].components[0].ranks.counts[0]"),
        ("split_seed", "-1", "(all)"), ("chain.digest", "\"00\"", "chain.digest"),
        ("chain.parts", "[]", "chain.digest"),
        ("golden.row", "\"uint8:????\"", "golden.row"), ("golden.row", "\"\"", "golden.row"),
        ("golden.row", "\"uint8:AAAAAAA=\"", "golden.row"), ("golden.row", "\"float32:AAAAAAAA\"", "golden.row"),
        ("golden.shape", "[9223372036854775807,2]", "golden.shape"), ("golden.shape", "[-1]", "golden.shape"),
        ("golden.components", "[]", "golden.components"), ("key_id", "7", "key_id"),
        ("rows.salt", "\"0\"", "rows.salt"), ("rows.salt", "\"00\"", "rows.salt"),
        ("rows.codes", "\"AAAA\"", "rows.codes"),
        ("rows.codes", "\"AAAAAAAAAAAAAAAAAAAAAA==\"", "rows.codes"), ("rows", "null", "rows"),
        ("states", "[{\"name\":\"a\",\"sha256\":\"../../etc/passwd\"}]", "states[0].sha256"),
    ])
    func hostileField(path: String, value: String, field: String) async throws {
        let bytes = try await CalibratorTests.outcome().file.encoded()
        let edited = try CalibrationText.edit(bytes, path.split(separator: ".").map(String.init), value)
        let fault = #expect(throws: CalibrationFault.self) { try CalibrationFile(decoding: edited) }
        guard case .content(let named, let reason)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(named.hasPrefix(field), "\(named): \(reason)")
        #expect(field == "(all)" ? reason.contains("a number that its field can't hold") : !reason.isEmpty)
    }

    /// Numbers inside the tables, packed: each must leave a table, or be refused.
    @Test(arguments: [0, -1, 1e308, -1e308, 1e-300, .infinity, .nan] as [Double])
    func hostileNumber(value: Double) async throws {
        let bytes = try await CalibratorTests.outcome().file.encoded()
        for path in [["detectors", "0", "family", "values"], ["strata", "0", "scores"]] {
            let old = try #require(try CalibrationText.part(of: bytes, path) as? String)
            let packed = try #require(Data(base64Encoded: String(old.dropFirst("float64:".count))))
            for place in [0, packed.count / 16, packed.count / 8 - 1] {
                var edited = packed
                withUnsafeBytes(of: value.bitPattern.littleEndian) {
                    edited.replaceSubrange(place * 8..<place * 8 + 8, with: $0)
                }
                let text = "\"float64:\(edited.base64EncodedString())\""
                let forged = try CalibrationText.seal(CalibrationText.edit(bytes, path, text))
                if let file = try? CalibrationFile(decoding: forged) { judgeAnything(file) }
            }
        }
    }

    /// Damaged at random, a few hundred times: an error or a file that judges, never a trap.
    @Test func mutatedFilesNeverTrap() async throws {
        let file = try await CalibratorTests.outcome().file
        let bytes = try file.encoded()
        let generator = KeyedGenerator(seed: SHA256Digest(of: "mutations"))
        func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
        var refused = 0
        for round in 0..<400 {
            var damaged = bytes
            switch round % 5 {
            case 0: damaged = Array(damaged.prefix(below(bytes.count)))
            case 1: damaged[below(bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
            case 2: damaged.removeSubrange(below(bytes.count / 2)..<bytes.count / 2 + below(bytes.count / 2))
            case 3:
                damaged.insert(
                    contentsOf: [UInt8](repeating: UInt8(ascii: "9"), count: below(400)),
                    at: below(bytes.count)
                )
            default: for _ in 0..<8 { damaged[below(bytes.count)] = bytes[below(bytes.count)] }
            }
            do {
                // Half of them with digests made anew, so that these do not hide what lies behind.
                if round / 5 % 2 == 0, let forged = try? CalibrationText.seal(damaged) { damaged = forged }
                judgeAnything(try CalibrationFile(decoding: damaged))
            } catch {
                refused += 1
            }
        }
        #expect(refused > 300)
    }

    @Test(arguments: [
        "", "{", "[]", "null", "\u{0}", String(repeating: "[", count: 100_000),
        String(repeating: "{\"a\":", count: 100_000),
    ])
    func noJSON(text: String) {
        #expect(throws: CalibrationFault.self) { try CalibrationFile(decoding: Array(text.utf8)) }
    }

    private func judgeAnything(_ file: CalibrationFile) {
        for value in [-1e308, -1, 0, 0.5, 1e308] as [Double] {
            let outcomes = file.detectors.map { DetectorOutcome.components($0.components.map { _ in value }) }
            let row = RowEvaluation(outcomes: outcomes, inputDigest: "", prediction: nil)
            _ = try? Judge(file).judge([row])
        }
    }
}
