extension EvaluationReport.Clean {
    /// - Parameter labels: the true classes, one a row.
    package init(rows: [EvaluatedRow], labels: [Int64]?) {
        n = rows.count
        flagged = rows.count { $0.isFlagged }
        failed = rows.count { $0.isFailed }
        fpr = share(flagged, of: rows.count) ?? 0
        accuracy = labels.flatMap { labels in
            share(zip(rows, labels).count { $0.label == Int($1) }, of: rows.count)
        }
        accuracyKept = labels.flatMap { labels in
            share(zip(rows, labels).count { $0.label == Int($1) && !$0.isFlagged && !$0.isFailed }, of: rows.count)
        }
    }
}

extension EvaluationReport.AttackSet {
    /// - Parameters:
    ///   - rows: the attacked rows.
    ///   - successful: which of them fool the model.
    ///   - clean: the clean set's rows.
    package init(file: String, rows: [EvaluatedRow], successful: [Bool], clean: [EvaluatedRow]) {
        let fooling = zip(rows, successful).filter(\.1).map(\.0)
        self.file = file
        n = rows.count
        self.successful = fooling.count
        detected = fooling.count { $0.isFlagged }
        detectionRate = share(detected, of: fooling.count)
        auc = RankingCurve.area(negatives: clean.map(\.score), positives: fooling.map(\.score))
        let lost = fooling.count { !$0.isFlagged && !$0.isFailed }
        accuracyKept = share(rows.count - lost, of: rows.count) ?? 1
    }
}

extension EvaluationReport.Detector {
    /// - Parameters:
    ///   - index: the detector's place in the chain.
    ///   - sets: name, rows, and which of them fool the model.
    package init(
        name: String,
        index: Int,
        clean: [EvaluatedRow],
        sets: [(file: String, rows: [EvaluatedRow], successful: [Bool])]
    ) {
        self.name = name
        self.clean = Clean(fpr: share(clean.count { $0.detectors[index].isFlagged }, of: clean.count) ?? 0)
        self.sets = sets.map { set in
            let fooling = zip(set.rows, set.successful).filter(\.1).map { $0.0.detectors[index] }
            return AttackSet(
                file: set.file,
                detectionRate: share(fooling.count { $0.isFlagged }, of: fooling.count),
                auc: RankingCurve.area(
                    negatives: clean.map { $0.detectors[index].score },
                    positives: fooling.map(\.score)
                )
            )
        }
    }
}

/// Which attacked rows count: those that the model labels otherwise than `y`, and labelled right before.
package func successfulRows(labels: [Int?], truth: [Int64], before: [Int?]?) -> [Bool] {
    labels.indices.map { index in
        let isFooled = labels[index] != Int(truth[index])
        return isFooled && (before.map { $0[index] == Int(truth[index]) } ?? true)
    }
}

private func share(_ part: Int, of whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
}
