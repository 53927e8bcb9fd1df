import Foundation
import PicketEvaluation
import PicketTensor
import Testing

@Suite struct EvaluationPageTests {
    static let hostile = "<script src=//evil.example/x.js>\"'&"

    /// An evaluation whose every foreign text is hostile.
    static func evaluation() -> Evaluation {
        func row(_ score: Double, _ flagged: Bool, label: Int) -> EvaluatedRow {
            EvaluatedRow(
                score: score,
                pValue: flagged ? 0.01 : 0.5,
                isFlagged: flagged,
                isFailed: false,
                label: label,
                detectors: [EvaluatedRow.DetectorScore(score: score, isFlagged: flagged, pValue: 0.5)]
            )
        }
        let clean = MeasuredSet(
            file: "clean.npz",
            rows: (0..<40).map { row(Double($0), $0 > 37, label: $0 % 3) },
            truth: (0..<40).map { Int64($0 % 3) }
        )
        let attacked = MeasuredSet(
            file: "\(hostile).npz",
            rows: (0..<20).map { row(Double($0 * 4), $0 > 9, label: 1) },
            truth: (0..<20).map { _ in 0 },
            pictures: (0..<20).map { "p\($0)" }
        )
        let report = EvaluationReport(
            model: hostile,
            promise: EvaluationReport.PromiseFigures(alpha: 0.05, confidence: 0.95, ratePer: "row", n: 500, rank: 17),
            clean: clean,
            sets: [attacked],
            detectors: [hostile],
            passesPerRequest: 3,
            rowsPerRequest: 7
        )
        var evaluation = Evaluation(
            report: report,
            sets: [clean, attacked],
            detectors: [],
            thresholds: [Evaluation.Threshold(name: "deployed", score: 37, isDeployed: true)],
            provenance: Provenance(
                entries: [Provenance.Entry(name: hostile, value: hostile)],
                configurationText: "</pre>\(hostile)"
            )
        )
        evaluation.exemplars.missed = [
            Exemplar(
                file: "\(hostile).npz",
                index: 3,
                truth: 0,
                label: 1,
                score: 12,
                pValue: 0.5,
                row: Tensor([Float](repeating: 0.5, count: 12), shape: [3, 2, 2]),
                clean: Tensor([Float](repeating: 0.25, count: 12), shape: [3, 2, 2])
            )
        ]
        return evaluation
    }

    @Test func foreignTextIsNoMarkup() {
        let text = EvaluationPage(Self.evaluation()).text
        #expect(!text.contains("<script"))
        #expect(text.contains("&lt;script src=//evil.example/x.js&gt;&quot;&#39;&amp;"))
        #expect(!text.contains("</pre><script") && text.contains("&lt;/pre&gt;"))
    }

    @Test func nothingIsFetched() throws {
        let text = EvaluationPage(Self.evaluation()).text
        for attribute in ["src=\"", "href=\"", "url("] {
            for part in text.components(separatedBy: attribute).dropFirst() {
                #expect(part.hasPrefix("data:image/png;base64,"), "\(attribute)\(part.prefix(40))")
            }
        }
        #expect(text.contains("default-src 'none'"))
        #expect(text.contains("prefers-color-scheme: dark"))
    }

    @Test func isWellFormed() throws {
        let text = EvaluationPage(Self.evaluation()).text
        // Void elements of HTML aside, every element is closed in order.
        let void: Set<String> = ["meta", "img", "br"]
        var open: [String] = []
        for match in text.matches(of: /<(\/?)([a-zA-Z0-9]+)([^<>]*?)(\/?)>/) {
            let name = String(match.2)
            if !match.1.isEmpty {
                #expect(open.last == name, "</\(name)> closes \(open.last ?? "nothing")")
                _ = open.popLast()
            } else if match.4.isEmpty && !void.contains(name) {
                open.append(name)
            }
        }
        #expect(open.isEmpty, "left open: \(open)")
    }

    @Test func picturesArePNGs() throws {
        let text = EvaluationPage(Self.evaluation()).text
        let pictures = text.components(separatedBy: "data:image/png;base64,").dropFirst()
        #expect(pictures.count == 2)
        for picture in pictures {
            let code = String(picture.prefix { $0 != "\"" })
            let bytes = try #require(Data(base64Encoded: code))
            #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        }
    }

    @Test func saysWhatAFlagIsWorth() {
        // 5 % flagged of the clean, half of the successful: 0.00005 real of 0.049995 + 0.00005.
        let text = EvaluationPage(Self.evaluation()).text
        #expect(text.contains("<strong>0.10 %</strong> of flags are real"))
    }
}
