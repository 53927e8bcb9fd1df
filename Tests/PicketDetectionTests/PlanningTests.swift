import PicketDetection
import Synchronization
import Testing

@Suite("Creating and planning detectors")
struct PlanningTests {
    @Test(arguments: [
        ("garbage", "everything was refused as it should be"),
        ("many", "more than 1024 nodes of a detector"),
        ("own-name", "the part before the slash is not \"probe\""),
        ("duplicate", "\"first\" is declared twice"),
        ("silent", "declared no component"),
        ("badname", "\"Upper\""),
        ("noise-text", "bad \u{FFFD}\u{FFFD} bytes  [31m"),
        ("this-mode-is-much-longer-than-the-plugin-takes", "key mode is no short string"),
    ])
    func refused(mode: String, reason: String) throws {
        let fault = #expect(throws: ChainFault.self) { try ChainFixture.chain(["plain", mode]) }
        guard case .plugin(.refused(let detector, _, let message))? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(detector == mode)
        #expect(message.contains(reason), "\(message)")
    }

    @Test func equalNamesAreRefused() throws {
        var specification = try ChainFixture.specification(["plain"])
        specification.detectors.append(specification.detectors[0])
        #expect(throws: ChainFault.self) { try Chain(specification, runner: FakeRunner(), log: { _, _, _ in }) }
    }

    @Test func namesAreNumbered() {
        #expect(DetectorSpecification.names(forPlugins: ["a", "b", "a", "a"]) == ["a", "b", "a-2", "a-3"])
    }

    @Test func logNamesTheDetector() throws {
        let shared = Shared<[String]>([])
        _ = try Chain(ChainFixture.specification(["plain"]), runner: FakeRunner()) { detector, level, message in
            shared.value.withLock { $0.append("\(detector) \(level) \(message)") }
        }
        #expect(shared.value.withLock { $0 } == ["plain info created"])
    }

    @Test func subjectMustFitTheModel() throws {
        var specification = try ChainFixture.specification(["plain"])
        specification.subject.model = "nobody"
        #expect(throws: ChainFault.self) { try Chain(specification, runner: FakeRunner(), log: { _, _, _ in }) }
    }

    /// What a chain is, its digest says: a change of anything changes its own part, and only that.
    @Test func digestNamesWhatChanged() throws {
        let base = try ChainFixture.chain(["plain", "member"]).digest
        #expect(base == (try ChainFixture.chain(["plain", "member"]).digest))
        #expect(
            base.parts.map(\.name) == [
                "configuration", "detector plain", "detector member", "model served",
                "input and output of model served", "model other", "input and output of model other",
            ]
        )
        func changed(_ digest: ChainDigest) -> [String] {
            #expect(digest.hex != base.hex)
            return zip(base.parts, digest.parts).filter { $0 != $1 }.map(\.0.name)
        }
        var specification = try ChainFixture.specification(["plain", "member"])
        specification.canonicalConfiguration = "range 0 255"
        #expect(
            changed(try Chain(specification, runner: FakeRunner(), log: { _, _, _ in }).digest) == ["configuration"]
        )
        let otherModels = FakeRunner(digest: String(repeating: "b", count: 64))
        #expect(
            changed(try ChainFixture.chain(["plain", "member"], runner: otherModels).digest) == [
                "model served", "model other",
            ]
        )
        let otherVersion = try ChainFixture.chain(["plain", "member"], flags: ["-DVERSION=\"9\""]).digest
        #expect(changed(otherVersion) == ["detector plain", "detector member"])
        specification = try ChainFixture.specification(["plain", "member"])
        specification.detectors[1].configuration = "{\"mode\":\"member\",\"x\":1}"
        #expect(
            changed(try Chain(specification, runner: FakeRunner(), log: { _, _, _ in }).digest) == ["detector member"]
        )
    }
}

/// A lock that closures can share.
final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>
    init(_ value: Value) {
        self.value = Mutex(value)
    }
}
