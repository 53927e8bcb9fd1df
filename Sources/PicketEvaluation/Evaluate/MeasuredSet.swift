/// A data set after the chain judged each of its rows.
package struct MeasuredSet: Sendable {
    /// As it was named.
    package var file: String
    /// In the data set's order.
    package var rows: [EvaluatedRow]
    /// The true classes, where the set has them.
    package var truth: [Int64]?
    /// Which rows fool the model: labelled otherwise than the truth, and (with clean rows behind them) right before.
    package var successful: [Bool]
    /// Names of the clean pictures behind the rows; equal names, equal pictures. Nil where the set tells none.
    package var pictures: [String]?

    /// - Parameter before: the model's labels of the clean rows behind.
    package init(
        file: String,
        rows: [EvaluatedRow],
        truth: [Int64]?,
        before: [Int?]? = nil,
        pictures: [String]? = nil
    ) {
        self.file = file
        self.rows = rows
        self.truth = truth
        self.pictures = pictures
        successful = rows.map { _ in false }
        if let truth {
            successful = successfulRows(labels: rows.map(\.label), truth: truth, before: before)
        }
    }

    /// The rows that fool the model.
    package var fooling: [EvaluatedRow] { zip(rows, successful).filter(\.1).map(\.0) }

    /// Whether the model labels a row right; false without truth.
    package func isRight(_ index: Int) -> Bool {
        truth.map { rows[index].label == Int($0[index]) } ?? false
    }
}

/// Which attacked rows count: those that the model labels otherwise than `y`, and labelled right before.
package func successfulRows(labels: [Int?], truth: [Int64], before: [Int?]?) -> [Bool] {
    labels.indices.map { index in
        let isFooled = labels[index] != Int(truth[index])
        return isFooled && (before.map { $0[index] == Int(truth[index]) } ?? true)
    }
}
