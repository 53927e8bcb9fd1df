import Foundation

/// The committed list of what becomes of each conformance case: `Tests/Cases/conformance/ledger.tsv`.
///
/// A line is a case's name, a tab, what becomes of it (``ConformanceCase/Outcome/Kind``), and for all but `pass` a tab and
/// the reason.
struct ConformanceLedger {
    static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Cases/conformance/ledger.tsv").standardizedFileURL

    private static let head = """
        # What becomes of each case of ONNX's backend tests; written with PICKET_WRITE_LEDGER=1, see README.md here.

        """

    private(set) var outcomes: [String: ConformanceCase.Outcome] = [:]

    init(_ outcomes: [String: ConformanceCase.Outcome] = [:]) { self.outcomes = outcomes }

    /// The committed ledger.
    init(contentsOf file: URL) throws {
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: "\t", maxSplits: 2).map(String.init)
            guard parts.count >= 2, let kind = ConformanceCase.Outcome.Kind(rawValue: parts[1]) else {
                throw CocoaError(.fileReadCorruptFile, userInfo: ["line": String(line)])
            }
            outcomes[parts[0]] = .init(kind: kind, reason: parts.count > 2 ? parts[2] : "")
        }
    }

    subscript(name: String) -> ConformanceCase.Outcome? { outcomes[name] }

    /// How many cases of a suite pass, of how many.
    func count(suite: String) -> (passing: Int, all: Int) {
        let own = outcomes.filter { $0.key.hasPrefix("\(suite)/") }.values
        return (own.count { $0.kind == .pass }, own.count)
    }

    /// Puts the outcomes of some suites in place of what the ledger holds of them.
    mutating func replace(_ suites: Set<String>, with new: [String: ConformanceCase.Outcome]) {
        outcomes = outcomes.filter { name, _ in !suites.contains { name.hasPrefix("\($0)/") } }
        outcomes.merge(new) { _, new in new }
    }

    func write(to file: URL) throws {
        var text = Self.head
        for (name, outcome) in outcomes.sorted(by: { $0.key < $1.key }) {
            text += "\(name)\t\(outcome.kind.rawValue)"
            text += outcome.kind == .pass ? "\n" : "\t\(outcome.reason)\n"
        }
        try text.write(to: file, atomically: true, encoding: .utf8)
    }
}
