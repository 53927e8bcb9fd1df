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
    }

    /// Each edit of a good file gives an error that names the field.
    @Test(arguments: [
        ("schema", "2", "schema"), ("schema", "\"1\"", "schema"), ("model", "\"\"", "model"),
        ("promise.rate", "0", "promise"), ("promise.rate", "1e999", "(all)"),
        ("promise.rank", "150", "promise.rank"),
        ("promise.confidence", "null", "promise.confidence"), ("promise.rate_per", "\"day\"", "promise.rate_per"),
        ("counts.fit", "-1", "counts.fit"), ("counts.ranks", "91", "detectors[0].components[0].ranks.counts"),
        ("counts.p_values", "9223372036854775807", "counts.p_values"), ("counts.ranks", "1e30", "(all)"),
        ("scores", "[]", "scores"), ("scores", "{}", "scores"), ("detectors", "[]", "detectors"),
        ("split_seed", "-1", "(all)"), ("chain.digest", "\"00\"", "chain.digest"),
        ("chain.parts", "[]", "chain.digest"),
        ("golden.row", "\"????\"", "golden.row"), ("golden.row", "\"\"", "golden.row"),
        ("golden.shape", "[9223372036854775807,2]", "golden.shape"), ("golden.shape", "[-1]", "golden.shape"),
        ("golden.components", "[]", "golden.components"), ("key_id", "7", "key_id"),
        ("states", "[{\"name\":\"a\",\"sha256\":\"../../etc/passwd\"}]", "states[0].sha256"),
    ])
    func hostileField(path: String, value: String, field: String) async throws {
        let bytes = try await CalibratorTests.outcome().file.encoded()
        let edited = try edit(bytes, path.split(separator: ".").map(String.init), value)
        let fault = #expect(throws: CalibrationFault.self) { try CalibrationFile(decoding: edited) }
        guard case .content(let named, let reason)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(named.hasPrefix(field), "\(named): \(reason)")
        #expect(field == "(all)" ? reason.contains("a number that its field can't hold") : !reason.isEmpty)
    }

    /// Numbers inside the tables: each must leave a table, or be refused.
    @Test(
        arguments: ["values", "counts"],
        ["0", "-1", "1e308", "-1e308", "1e-320", "9223372036854775807", "null", "\"\""]
    )
    func hostileNumber(list: String, value: String) async throws {
        let bytes = try await CalibratorTests.outcome().file.encoded()
        var root = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        var detectors = try #require(root["detectors"] as? [[String: Any]])
        var family = try #require(detectors[0]["family"] as? [String: Any])
        var numbers = try #require(family[list] as? [Any])
        for place in [0, numbers.count / 2, numbers.count - 1] {
            let old = numbers[place]
            numbers[place] = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
            family[list] = numbers
            detectors[0]["family"] = family
            root["detectors"] = detectors
            numbers[place] = old
            let edited = Array(try JSONSerialization.data(withJSONObject: root))
            if let file = try? CalibrationFile(decoding: edited) { judgeAnything(file) }
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

    private func edit(_ bytes: [UInt8], _ path: [String], _ value: String) throws -> [UInt8] {
        func replace(_ object: Any, _ path: ArraySlice<String>) throws -> Any {
            guard let key = path.first else { return "@@VALUE@@" }
            var dictionary = try #require(object as? [String: Any])
            dictionary[key] = try replace(try #require(dictionary[key]), path.dropFirst())
            return dictionary
        }
        let root = try JSONSerialization.jsonObject(with: Data(bytes))
        let edited = try JSONSerialization.data(withJSONObject: replace(root, path[...]))
        return Array(
            String(decoding: edited, as: UTF8.self).replacingOccurrences(of: "\"@@VALUE@@\"", with: value).utf8
        )
    }
}
