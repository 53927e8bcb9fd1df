import Foundation
import PicketEvaluation
import Testing

@Suite struct EvaluationReportTests {
    static func row(
        _ score: Double,
        flagged: Bool,
        label: Int,
        failed: Bool = false,
        pValue: Double = 1
    ) -> EvaluatedRow {
        EvaluatedRow(
            score: score,
            pValue: pValue,
            isFlagged: flagged,
            isFailed: failed,
            label: label,
            detectors: [EvaluatedRow.DetectorScore(score: score, isFlagged: flagged, pValue: pValue)]
        )
    }

    static let cleanRows = [
        row(1, flagged: false, label: 0), row(2, flagged: false, label: 1, pValue: 0.05),
        row(9, flagged: true, label: 0, pValue: 0.01), row(3, flagged: false, label: 2),
        row(.infinity, flagged: false, label: 0, failed: true, pValue: 0),
    ]

    static func clean(_ labels: [Int64]?) -> MeasuredSet {
        MeasuredSet(file: "clean.npz", rows: cleanRows, truth: labels)
    }

    @Test func countsCleanRows() throws {
        let report = EvaluationReport.Clean(EvaluationReportTests.clean([0, 0, 0, 2, 0]), alpha: 0.05)
        #expect(report.n == 5 && report.flagged == 1 && report.failed == 1)
        #expect(report.fpr == 0.2)
        #expect(report.accuracy == 0.8)
        // Right, passed, and judged: the first and the fourth.
        #expect(report.accuracyKept == 0.4)
        #expect(report.right == 4 && report.fprRight == 0.25)
        #expect(report.wrong == 1 && report.fprWrong == 0)
        #expect(report.perClass.map(\.label) == [0, 1, 2])
        #expect(report.perClass.map(\.n) == [3, 1, 1] && report.perClass.map(\.flagged) == [1, 0, 0])
        // The second row's p-value is the rate itself: flagged on average, though not by the stricter threshold; the row
        // that failed is no flag.
        #expect(report.marginal.flagged == 2)
        let interval = try #require(report.fprInterval)
        #expect(interval.lower < 0.2 && interval.upper > 0.2)
        let unlabelled = EvaluationReport.Clean(EvaluationReportTests.clean(nil), alpha: 0.05)
        #expect(unlabelled.accuracy == nil && unlabelled.fprRight == nil && unlabelled.wrong == nil)
    }

    @Test func onlySuccessfulAttacksCount() {
        let rows = [
            EvaluationReportTests.row(8, flagged: true, label: 3, pValue: 0.01),
            EvaluationReportTests.row(2, flagged: false, label: 3, pValue: 0.05),
            EvaluationReportTests.row(9, flagged: true, label: 0, pValue: 0.01),
        ]
        let attacked = MeasuredSet(file: "a.npz", rows: rows, truth: [0, 0, 0])
        #expect(attacked.successful == [true, true, false])
        let clean = MeasuredSet(file: "c", rows: Array(EvaluationReportTests.cleanRows.prefix(4)), truth: nil)
        let set = EvaluationReport.AttackSet(attacked, clean: clean, alpha: 0.05)
        #expect(set.n == 3 && set.successful == 2 && set.detected == 1 && set.detectionRate == 0.5)
        #expect(set.marginal.detected == 2 && set.marginal.detectionRate == 1)
        // 8 beats three of four, 2 beats one and ties one.
        #expect(set.auc == (3 + 1.5) / 8)
        // The flagged one and the harmless one.
        #expect(abs(set.accuracyKept - 2.0 / 3) < 1e-12)
        #expect(abs(set.robustAccuracy - 2.0 / 3) < 1e-12 && set.marginal.robustAccuracy == 1)
        #expect(abs(set.modelAccuracy - 1.0 / 3) < 1e-12)
    }

    @Test func aRowThatWasWrongBeforeIsNoSuccessAndStillNotRobust() {
        #expect(successfulRows(labels: [1, 1], truth: [0, 0], before: [0, 2]) == [true, false])
        let rows = [
            EvaluationReportTests.row(1, flagged: true, label: 1),
            EvaluationReportTests.row(1, flagged: false, label: 1),
        ]
        let attacked = MeasuredSet(file: "a", rows: rows, truth: [0, 0], before: [0, 2])
        let set = EvaluationReport.AttackSet(attacked, clean: attacked, alpha: 0.05)
        // Nothing hides in the denominator: the second row was no success of the attack, and is answered wrongly.
        #expect(set.successful == 1 && set.detectionRate == 1 && set.robustAccuracy == 0.5)
    }

    @Test func aPictureIsLostWhenAnyAttackGotThrough() throws {
        let passed = EvaluationReportTests.row(1, flagged: false, label: 1)
        let flagged = EvaluationReportTests.row(9, flagged: true, label: 1, pValue: 0.01)
        let harmless = EvaluationReportTests.row(1, flagged: false, label: 0)
        let first = MeasuredSet(
            file: "a",
            rows: [flagged, harmless, flagged],
            truth: [0, 0, 0],
            pictures: ["x", "y", "z"]
        )
        let second = MeasuredSet(file: "b", rows: [passed, harmless], truth: [0, 0], pictures: ["x", "y"])
        let third = MeasuredSet(file: "c", rows: [passed], truth: [0])
        let union = try #require(EvaluationReport.AttackUnion([first, second, third], alpha: 0.05))
        #expect(union.matchedBy == "x0" && union.sets == 2 && union.leftOut == ["c"])
        #expect(union.pictures == 3 && union.fooled == 2 && union.lost == 1)
        #expect(union.fewestAttacks == 1 && union.mostAttacks == 2)
        #expect(abs(union.robustAccuracy - 2.0 / 3) < 1e-12 && abs(union.modelAccuracy - 1.0 / 3) < 1e-12)
    }

    @Test func withoutCleanRowsPicturesAreMatchedByPlace() throws {
        let passed = EvaluationReportTests.row(1, flagged: false, label: 1)
        let flagged = EvaluationReportTests.row(9, flagged: true, label: 1)
        let sets = [
            MeasuredSet(file: "a", rows: [flagged, passed], truth: [0, 0]),
            MeasuredSet(file: "b", rows: [passed, passed], truth: [0, 0]),
            MeasuredSet(file: "other", rows: [passed, passed], truth: [0, 1]),
        ]
        let union = try #require(EvaluationReport.AttackUnion(sets, alpha: 0.05))
        #expect(union.matchedBy == "index" && union.leftOut == ["other"])
        #expect(union.pictures == 2 && union.lost == 2)
    }

    static func report(_ sets: [MeasuredSet]) -> EvaluationReport {
        EvaluationReport(
            model: "m",
            promise: EvaluationReport.PromiseFigures(alpha: 0.05, confidence: 0.95, ratePer: "row", n: 2500, rank: 107),
            clean: clean(nil),
            sets: sets,
            detectors: ["d"],
            passesPerRequest: 3,
            rowsPerRequest: 7
        )
    }

    @Test func worstSetAndMeanLeaveSetsWithoutSuccessOut() throws {
        let passed = EvaluationReportTests.row(1, flagged: false, label: 1)
        let flagged = EvaluationReportTests.row(9, flagged: true, label: 1, pValue: 0.01)
        let report = EvaluationReportTests.report([
            MeasuredSet(file: "half", rows: [flagged, passed], truth: [0, 0]),
            MeasuredSet(file: "all", rows: [flagged, flagged], truth: [0, 0]),
            MeasuredSet(file: "none", rows: [passed], truth: [1]),
        ])
        let worst = try #require(report.worstSet)
        #expect(worst.file == "half" && worst.detectionRate == 0.5 && worst.successful == 2)
        let mean = try #require(report.mean)
        #expect(mean.sets == 2 && mean.detectionRate == 0.75)
        #expect(EvaluationReportTests.report([]).worstSet == nil)
        let spread = try #require(EvaluationReport.KeySpread([report, report]))
        #expect(spread.n == 2 && spread.sets[0].detectionRate?.worst == 0.5 && spread.sets[2].detectionRate == nil)
    }

    @Test func jsonHasEveryKeyOfTheContract() throws {
        let set = MeasuredSet(
            file: "a.npz",
            rows: EvaluationReportTests.cleanRows,
            truth: EvaluationReportTests.cleanRows.map { _ in 0 }
        )
        let object = try keys(of: EvaluationReportTests.report([set]))
        #expect(
            Set(object.keys).isSuperset(of: [
                "model", "false_positive_rate", "clean", "sets", "detectors", "passes_per_request", "promise",
                "worst_set", "union", "keys",
            ])
        )
        let promise = try #require(object["promise"] as? [String: Any])
        #expect(Set(promise.keys).isSuperset(of: ["alpha", "confidence", "n", "rank", "guarantee"]))
        #expect(promise["rank"] as? Int == 107 && promise["marginal_rank"] as? Int == 125)
        let clean = try #require(object["clean"] as? [String: Any])
        #expect(
            Set(clean.keys).isSuperset(of: [
                "n", "flagged", "fpr", "fpr_interval", "accuracy", "per_class", "fpr_right", "fpr_wrong",
            ])
        )
        let first = try #require((object["sets"] as? [[String: Any]])?.first)
        #expect(
            Set(first.keys).isSuperset(of: [
                "file", "n", "successful", "detected", "detection_rate", "detection_interval", "auc", "robust_accuracy",
                "marginal",
            ])
        )
        let detector = try #require((object["detectors"] as? [[String: Any]])?.first)
        #expect(Set(detector.keys).isSuperset(of: ["name", "clean", "sets"]))
        #expect(
            Set(try #require((detector["sets"] as? [[String: Any]])?.first).keys).isSuperset(of: [
                "file", "detection_rate", "auc",
            ])
        )
        let empty = try keys(of: EvaluationReportTests.report([]))
        #expect(empty["worst_set"] is NSNull && empty["union"] is NSNull, "a key without a figure is null")
    }

    private func keys(of report: EvaluationReport) throws -> [String: Any] {
        let encoder = JSONEncoder()
        return try #require(try JSONSerialization.jsonObject(with: encoder.encode(report)) as? [String: Any])
    }
}
