import Foundation
import PicketInference
import Testing

/// `Documentation/Operators.md` says what the registry and the ledger say.
///
/// `PICKET_WRITE_OPERATORS=1` writes its two lists.
@Suite("Documentation of operators")
struct OperatorDocumentTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Documentation/Operators.md").standardizedFileURL

    private static var operators: String {
        let registry = OperatorRegistry.standard
        let rows = registry.names().map { name in
            let ranges = registry.signatures(name: name).map(\.opsets).sorted { $0.lowerBound < $1.lowerBound }
            let opsets = ranges.map {
                $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)"
            }
            return "| \(name) | \(opsets.joined(separator: ", ")) |"
        }
        return (["| operator | opsets |", "|---|---|"] + rows).joined(separator: "\n")
    }

    private static func conformance() throws -> String {
        let ledger = try ConformanceLedger(contentsOf: ConformanceLedger.file)
        let suites = [
            ("node", "Debian's libonnx-testdata: single operators, opset 1 to 17"),
            ("pytorch-converted", "the same: layers exported by torch, opset 6"),
            ("pytorch-operator", "the same: functions exported by torch, opset 6"),
            ("simple", "the same: small graphs"),
            ("node-18-21", "PyPI's onnx: single operators, opset 18 to 21"),
        ]
        let rows = suites.map { suite, what in
            let count = ledger.count(suite: suite)
            return "| `\(suite)` | \(what) | \(count.all) | \(count.passing) |"
        }
        return (["| suite | cases | all | pass |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }

    @Test("lists the operators of the registry and the counts of the ledger")
    func lists() throws {
        var text = try String(contentsOf: Self.file, encoding: .utf8)
        let written = text
        for (name, list) in [("operators", Self.operators), ("conformance", try Self.conformance())] {
            let begin = try #require(text.range(of: "<!-- \(name): "))
            let start = try #require(text.range(of: "-->\n", range: begin.upperBound..<text.endIndex)).upperBound
            let end = try #require(text.range(of: "<!-- end of \(name) -->")).lowerBound
            text.replaceSubrange(start..<end, with: "\n\(list)\n\n")
        }
        if ProcessInfo.processInfo.environment["PICKET_WRITE_OPERATORS"] == "1" {
            try text.write(to: Self.file, atomically: true, encoding: .utf8)
        } else {
            #expect(text == written, "write it anew with PICKET_WRITE_OPERATORS=1")
        }
    }

    @Test("passes at least as many conformance cases as the core has promised")
    func promise() throws {
        let ledger = try ConformanceLedger(contentsOf: ConformanceLedger.file)
        let debian = ["node", "pytorch-converted", "pytorch-operator", "simple"].map { ledger.count(suite: $0) }
        #expect(debian.map(\.all).reduce(0, +) == 1072 && debian.map(\.passing).reduce(0, +) >= 650)
        let newer = ledger.count(suite: "node-18-21")
        #expect(newer.all == 316 && newer.passing >= 200)
    }
}
