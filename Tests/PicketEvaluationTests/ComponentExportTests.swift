import Foundation
import PicketDetection
import PicketEvaluation
import PicketTensor
import Testing

@Suite struct ComponentExportTests {
    private static func row(_ components: [[Double]], score: Double, label: Int?, flagged: Bool) -> EvaluatedRow {
        EvaluatedRow(
            score: score,
            pValue: 0.25,
            isFlagged: flagged,
            isFailed: components.contains([]),
            label: label,
            detectors: [
                EvaluatedRow.DetectorScore(score: 1, isFlagged: false, pValue: 1),
                EvaluatedRow.DetectorScore(score: 2, isFlagged: false, pValue: 1),
            ],
            components: components
        )
    }

    @Test func arraysReadBackWithTheirNames() throws {
        let sets = [
            MeasuredSet(
                file: "a/clean.npz",
                rows: [Self.row([[1, 2], [3]], score: 9, label: 4, flagged: true)],
                truth: nil
            ),
            MeasuredSet(
                file: "b/clean.npz",
                rows: [
                    Self.row([[], [6]], score: .infinity, label: nil, flagged: false),
                    Self.row([[7, 8], [9]], score: 3, label: 1, flagged: false),
                ],
                truth: [0, 0]
            ),
        ]
        var evaluation = EvaluationPageTests.evaluation()
        evaluation.sets = sets
        evaluation.detectors = [
            DetectorFacts(name: "d", plugin: "p", version: "1", components: ["x", "y"], learns: false),
            DetectorFacts(name: "e", plugin: "p", version: "1", components: ["z"], learns: false),
        ]
        let folder = FileManager.default.temporaryDirectory.appending(path: "picket-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try ComponentExport(evaluation).write(to: OutputFolder(folder.path))

        func array(_ name: String) throws -> Tensor { try Tensor(npyFile: folder.appending(path: name).path) }
        let first = try array("clean.components.npy")
        #expect(first.shape == [1, 3] && first.elements(of: Double.self) == [1, 2, 3])
        let second = try array("clean-2.components.npy").elements(of: Double.self)
        #expect(second[0].isNaN && second[1].isNaN && Array(second[2...]) == [6, 7, 8, 9])
        #expect(try array("clean.scores.npy").elements(of: Double.self) == [1, 2, 9, 0.25])
        let labels = try array("clean-2.rows.npy").elements(of: Int64.self)
        #expect(labels == [-1, 0, 1, 0, 1, 0, 1, 0])
        #expect(try array("clean.rows.npy").elements(of: Int64.self) == [4, -1, 0, 1])
        let index = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "components.json")))
        let columns = (index as? [String: Any])?["components"] as? [[String: String]]
        #expect(columns?.map { $0["component"] } == ["x", "y", "z"])
        #expect(columns?.map { $0["detector"] } == ["d", "d", "e"])
    }
}
