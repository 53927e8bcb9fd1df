package import PicketCrypto
package import PicketDetection
package import PicketTensor

/// The labels that a model's clients are served, judged or not: the model's own, or where a detector of the chain gives the
/// answer, that detector's.
package struct ServedLabels: Sendable {
    private let chain: Chain
    private let facts: ModelFacts
    private let runner: any ModelRunner
    private let key: RandomnessKey

    /// - Parameters:
    ///   - facts: the chain's model.
    ///   - key: where the draws of a detector that answers come from.
    package init(_ chain: Chain, _ facts: ModelFacts, runner: any ModelRunner, key: RandomnessKey) {
        self.chain = chain
        self.facts = facts
        self.runner = runner
        self.key = key
    }

    /// The most probable class of each canonical row.
    package func labels(of rows: Tensor) async throws -> [Int?] {
        if chain.detectors.contains(where: \.answers) {
            return try await chain.evaluate(rows, servedOutputs: [], key: key).rows.map { $0.prediction?.label }
        }
        // One pass tells as much as the whole chain's.
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
