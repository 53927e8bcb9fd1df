import Foundation
import Testing

/// ONNX's own backend cases through import, passes, plan and session, against the committed ledger.
///
/// - `PICKET_WRITE_LEDGER=1` writes the ledger anew from what became of the cases, of the suites that are there.
/// - `PICKET_CONFORMANCE_ONLY=text` runs the cases with `text` in their names alone, and prints each.
@Suite("ONNX's conformance cases", .serialized)
struct ConformanceTests {
    /// Debian's `libonnx-testdata`: 1,072 cases, opset 1 to 17.
    private static let debian = URL(filePath: "/usr/share/libonnx-testdata/data")
    private static let debianSuites = ["node", "pytorch-converted", "pytorch-operator", "simple"]

    /// Those that `Tests/Cases/conformance/generate.sh` makes of PyPI's `onnx`: 316 node cases, opset 18 to 21.
    private static let generatedSuite = "node-18-21"
    private static var generated: URL {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "/root") + "/.cache"
        return URL(filePath: environment["PICKET_CONFORMANCE_CACHE"] ?? "\(cache)/picket/conformance")
    }

    private static var hasGenerated: Bool {
        FileManager.default.fileExists(atPath: generated.appending(path: generatedSuite).path)
    }

    @Test("those of Debian's libonnx-testdata, opset 1 to 17")
    func debian() throws {
        var cases: [ConformanceCase] = []
        for suite in Self.debianSuites {
            cases += ConformanceCase.cases(in: Self.debian.appending(path: suite), suite: suite)
        }
        try #require(cases.count == 1072, "\(cases.count) cases: is Debian's libonnx-testdata installed?")
        try hold(cases, suites: Set(Self.debianSuites))
    }

    @Test(
        "those of PyPI's onnx, opset 18 to 21",
        .enabled(
            if: hasGenerated,
            "316 cases are not run: make them with Tests/Cases/conformance/generate.sh"
        )
    )
    func generated() throws {
        let folder = Self.generated.appending(path: Self.generatedSuite)
        let cases = ConformanceCase.cases(in: folder, suite: Self.generatedSuite)
        try #require(cases.count == 316, "\(cases.count) cases in \(folder.path): make them anew with generate.sh")
        try hold(cases, suites: [Self.generatedSuite])
    }

    /// Runs cases and compares what becomes of each with the ledger, or writes the ledger.
    private func hold(_ cases: [ConformanceCase], suites: Set<String>) throws {
        let environment = ProcessInfo.processInfo.environment
        let only = environment["PICKET_CONFORMANCE_ONLY"]
        var outcomes: [String: ConformanceCase.Outcome] = [:]
        for item in cases where only.map({ $0.isEmpty || item.name.contains($0) }) ?? true {
            if only != nil { print(item.name, terminator: "\t") }
            let outcome = item.run()
            if only != nil { print(outcome.kind.rawValue, outcome.reason, separator: "\t") }
            outcomes[item.name] = outcome
        }
        if only == nil {
            let passing = outcomes.values.count { $0.kind == .pass }
            print("conformance: \(passing) of \(outcomes.count) cases pass in \(suites.sorted())")
        }
        let isWriting = environment["PICKET_WRITE_LEDGER"] == "1" && only == nil
        var ledger = try ConformanceLedger(contentsOf: ConformanceLedger.file)
        guard !isWriting else {
            ledger.replace(suites, with: outcomes)
            return try ledger.write(to: ConformanceLedger.file)
        }
        for (name, outcome) in outcomes.sorted(by: { $0.key < $1.key }) {
            guard let expected = ledger[name] else {
                Issue.record("\(name) \(outcome.standing), and is not in the ledger: \(outcome.reason)")
                continue
            }
            #expect(
                outcome.standing == expected.standing,
                "\(name) \(outcome.standing), by the ledger it \(expected.standing): \(outcome.reason)"
            )
        }
        guard only == nil else { return }
        for name in ledger.outcomes.keys.sorted() where outcomes[name] == nil {
            if suites.contains(where: { name.hasPrefix("\($0)/") }) {
                Issue.record("\(name) is in the ledger, and there is no such case")
            }
        }
    }
}
