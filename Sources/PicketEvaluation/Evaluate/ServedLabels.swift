import PicketDetection
import PicketTensor

/// The served model's labels, without a chain.
struct ServedLabels: Sendable {
    private let facts: ModelFacts
    private let runner: any ModelRunner

    init(_ facts: ModelFacts, runner: any ModelRunner) {
        self.facts = facts
        self.runner = runner
    }

    /// The most probable class of each canonical row.
    func labels(of rows: Tensor) async throws -> [Int?] {
        let pass = Pass(model: facts.name, rowCount: rows.rowCount, tensors: [facts.primaryOutput])
        let output = try await runner.run(pass) { row, destination in
            rows.row(row).withUnsafeElements(of: Float.self) { source in
                _ = destination.update(fromContentsOf: source)
            }
        }
        return (0..<rows.rowCount).map { row in
            let scores = output.tensors[0].row(row).elements(of: Float.self)
            return scores.indices.max { scores[$0] < scores[$1] }
        }
    }

    /// The labels of the clean rows behind a set's rows; nil where it has none.
    func labelsBehind(_ set: DataSetRows) async throws -> [Int?]? {
        guard set.dataSet.x0 != nil else { return nil }
        var labels: [Int?] = []
        for range in SetJudge.batches(of: set.count) {
            guard let clean = try set.cleanRows(range) else { return nil }
            labels += try await self.labels(of: clean)
        }
        return labels
    }
}
