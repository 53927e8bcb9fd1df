import Foundation
import PicketEvaluation
import Testing

@Suite struct EvaluationReportTests {
    static func row(_ score: Double, flagged: Bool, label: Int, failed: Bool = false) -> EvaluatedRow {
        EvaluatedRow(
            score: score,
            isFlagged: flagged,
            isFailed: failed,
            label: label,
            detectors: [EvaluatedRow.DetectorScore(score: score, isFlagged: flagged)]
        )
    }

    static let clean = [
        row(1, flagged: false, label: 0), row(2, flagged: false, label: 1), row(9, flagged: true, label: 0),
        row(3, flagged: false, label: 2), row(.infinity, flagged: false, label: 0, failed: true),
    ]

    @Test func countsCleanRows() {
        let report = EvaluationReport.Clean(rows: EvaluationReportTests.clean, labels: [0, 0, 0, 2, 0])
        #expect(report.n == 5 && report.flagged == 1 && report.failed == 1)
        #expect(report.fpr == 0.2)
        #expect(report.accuracy == 0.8)
        // Right, passed, and judged: the first and the fourth.
        #expect(report.accuracyKept == 0.4)
        #expect(EvaluationReport.Clean(rows: EvaluationReportTests.clean, labels: nil).accuracy == nil)
    }

    @Test func onlySuccessfulAttacksCount() {
        let rows = [
            EvaluationReportTests.row(8, flagged: true, label: 3),
            EvaluationReportTests.row(2, flagged: false, label: 3),
            EvaluationReportTests.row(9, flagged: true, label: 0),
        ]
        let successful = successfulRows(labels: rows.map(\.label), truth: [0, 0, 0], before: nil)
        #expect(successful == [true, true, false])
        let set = EvaluationReport.AttackSet(
            file: "a.npz",
            rows: rows,
            successful: successful,
            clean: Array(EvaluationReportTests.clean.prefix(4))
        )
        #expect(set.n == 3 && set.successful == 2 && set.detected == 1 && set.detectionRate == 0.5)
        // 8 beats three of four, 2 beats one and ties one.
        #expect(set.auc == (3 + 1.5) / 8)
        // The flagged one and the harmless one.
        #expect(abs(set.accuracyKept - 2.0 / 3) < 1e-12)
    }

    @Test func aRowThatWasWrongBeforeIsNoSuccess() {
        #expect(successfulRows(labels: [1, 1], truth: [0, 0], before: [0, 2]) == [true, false])
    }

    @Test func jsonHasEveryKeyOfTheContract() throws {
        let clean = EvaluationReportTests.clean
        let set = (file: "a.npz", rows: clean, successful: clean.map { _ in false })
        let report = EvaluationReport(
            model: "m",
            falsePositiveRate: 0.05,
            confidence: 0.95,
            clean: EvaluationReport.Clean(rows: clean, labels: nil),
            sets: [
                EvaluationReport.AttackSet(file: set.file, rows: set.rows, successful: set.successful, clean: clean)
            ],
            detectors: [EvaluationReport.Detector(name: "d", index: 0, clean: clean, sets: [set])],
            passesPerRequest: 3
        )
        let text = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report))
        let object = try #require(text as? [String: Any])
        #expect(
            Set(object.keys).isSuperset(of: [
                "model", "false_positive_rate", "clean", "sets", "detectors", "passes_per_request",
            ])
        )
        let cleanKeys = try #require(object["clean"] as? [String: Any])
        #expect(Set(cleanKeys.keys).isSuperset(of: ["n", "flagged", "fpr", "accuracy"]))
        let setKeys = try #require((object["sets"] as? [[String: Any]])?.first)
        #expect(
            Set(setKeys.keys).isSuperset(of: ["file", "n", "successful", "detected", "detection_rate", "auc"])
        )
        let detector = try #require((object["detectors"] as? [[String: Any]])?.first)
        #expect(Set(detector.keys) == ["name", "clean", "sets"])
        #expect(
            Set(try #require((detector["sets"] as? [[String: Any]])?.first).keys) == ["file", "detection_rate", "auc"]
        )
    }
}
