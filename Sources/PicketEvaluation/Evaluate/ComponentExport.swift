import Foundation
import PicketDetection
import PicketTensor

/// Writes what detectors found, row by row, as arrays for other tools: `components.json` names the columns of every set's
/// `<set>.components.npy` (float64 [rows, components], NaN where a detector failed), `<set>.scores.npy` (float64 [rows,
/// detectors + 2]: each detector's score, the chain's, its p-value) and `<set>.rows.npy` (int64 [rows, 4]: label, truth,
/// fools the model, flagged; −1 for a label or truth that there is none of).
package struct ComponentExport {
    private struct Index: Encodable {
        struct Column: Encodable {
            var detector: String
            var component: String
        }

        struct Entry: Encodable {
            var file: String
            var rows: Int
            var components: String
            var scores: String
            var labels: String
        }

        var model: String
        var components: [Column]
        var scores: [String]
        var labels = ["label", "truth", "successful", "flagged"]
        var sets: [Entry]
    }

    /// The file that names all others.
    package static let indexName = "components.json"

    private let evaluation: Evaluation

    package init(_ evaluation: Evaluation) {
        self.evaluation = evaluation
    }

    package func write(to folder: OutputFolder) throws(OutputFault) {
        var index = Index(
            model: evaluation.report.model,
            components: evaluation.detectors.flatMap { detector in
                detector.components.map { Index.Column(detector: detector.name, component: $0) }
            },
            scores: evaluation.detectors.map(\.name) + ["chain", "p-value"],
            sets: []
        )
        let names = SetNames(evaluation.sets.map(\.file)).unique
        for (name, set) in zip(names, evaluation.sets) {
            let entry = Index.Entry(
                file: set.file,
                rows: set.rows.count,
                components: "\(name).components.npy",
                scores: "\(name).scores.npy",
                labels: "\(name).rows.npy"
            )
            try folder.write(components(of: set).npyBytes(), to: entry.components)
            try folder.write(scores(of: set).npyBytes(), to: entry.scores)
            try folder.write(labels(of: set).npyBytes(), to: entry.labels)
            index.sets.append(entry)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text: Data
        do {
            text = try encoder.encode(index)
        } catch {
            preconditionFailure("names and counts are JSON: \(error)")
        }
        try folder.write(text, to: ComponentExport.indexName)
    }

    private func components(of set: MeasuredSet) -> Tensor {
        let counts = evaluation.detectors.map(\.components.count)
        let numbers = set.rows.flatMap { row in
            zip(row.components, counts).flatMap { values, count in
                values.count == count ? values : Array(repeating: Double.nan, count: count)
            }
        }
        return Tensor(numbers, shape: [set.rows.count, counts.reduce(0, +)])
    }

    private func scores(of set: MeasuredSet) -> Tensor {
        let numbers = set.rows.flatMap { row in row.detectors.map(\.score) + [row.score, row.pValue] }
        return Tensor(numbers, shape: [set.rows.count, evaluation.detectors.count + 2])
    }

    private func labels(of set: MeasuredSet) -> Tensor {
        let numbers = set.rows.indices.flatMap { index -> [Int64] in
            [
                Int64(set.rows[index].label ?? -1), set.truth?[index] ?? -1, set.successful[index] ? 1 : 0,
                set.rows[index].isFlagged ? 1 : 0,
            ]
        }
        return Tensor(numbers, shape: [set.rows.count, 4])
    }
}
