/// The arithmetic of a calibration: components of clean rows in, tables and clean scores out.
package struct CalibrationCore: Sendable {
    let joint: Joint
    /// The chain's scores of the rows for p-values.
    package let chainScores: CleanScores
    /// By detector, its scores of the same rows.
    package let detectorScores: [CleanScores]
    /// By row for p-values, its scores: the chain's, and by detector.
    let scores: [(chain: Double, detectors: [Double])]
    /// Which of the rows for p-values has the middle score.
    let medianRow: Int

    /// - Parameters:
    ///   - detectors: Names and component names.
    ///   - weights: By detector, what its evidence counts; nil: all the same.
    ///   - ranks: By row, by detector, the components: what the tables are made of.
    ///   - pValues: The same of other rows, which thresholds are counted in.
    package init(
        method: JointMethod = .twoLevel,
        detectors: [(name: String, components: [String])],
        weights: [Double]? = nil,
        ranks: [[[Double]]],
        pValues: [[[Double]]]
    ) {
        precondition(!pValues.isEmpty, "thresholds are counted in one clean row at least")
        let joint = Joint(method: method, detectors: detectors, weights: weights, rows: ranks)
        let scores = pValues.map { row in
            let detectors = joint.detectorScores(of: row)
            return (chain: joint.score(ofDetectorScores: detectors), detectors: detectors)
        }
        self.joint = joint
        self.scores = scores
        chainScores = CleanScores(scores.map(\.chain))
        detectorScores = detectors.indices.map { index in CleanScores(scores.map { $0.detectors[index] }) }
        medianRow = scores.indices.sorted { (scores[$0].chain, $0) < (scores[$1].chain, $1) }[scores.count / 2]
    }

    /// A row's score by each detector.
    package func detectorScores(of row: [[Double]]) -> [Double] {
        joint.detectorScores(of: row)
    }

    /// A row's chain score.
    package func score(of row: [[Double]]) -> Double {
        joint.score(ofDetectorScores: joint.detectorScores(of: row))
    }

    /// The clean scores in the strata that thresholds are counted in.
    ///
    /// - Parameters:
    ///   - labels: By row for p-values, the predicted class; nil: one stratum for all.
    ///   - rank: The threshold's rank among so many clean scores.
    package func strata(labels: [Int]?, rank: (Int) -> Int) -> [ScoreStratum] {
        func stratum(_ label: Int?, _ rows: [Int]) -> ScoreStratum {
            ScoreStratum(
                label: label,
                rank: rank(rows.count),
                chain: CleanScores(rows.map { scores[$0].chain }),
                detectors: joint.families.indices.map { index in CleanScores(rows.map { scores[$0].detectors[index] }) }
            )
        }
        guard let labels else { return [stratum(nil, Array(scores.indices))] }
        precondition(labels.count == scores.count, "every row for p-values has a predicted class")
        return Dictionary(grouping: scores.indices, by: { labels[$0] }).sorted { $0.key < $1.key }.map {
            stratum($0.key, $0.value)
        }
    }
}
