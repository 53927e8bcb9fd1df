/// The arithmetic of a calibration: components of clean rows in, tables and clean scores out.
package struct CalibrationCore: Sendable {
    let joint: TwoLevelJoint
    /// The chain's scores of the rows for p-values.
    package let chainScores: CleanScores
    /// By detector, its scores of the same rows.
    package let detectorScores: [CleanScores]
    /// Which of the rows for p-values has the middle score.
    let medianRow: Int

    /// - Parameters:
    ///   - detectors: Names and component names.
    ///   - ranks: By row, by detector, the components: what the tables are made of.
    ///   - pValues: The same of other rows, which thresholds are counted in.
    package init(
        detectors: [(name: String, components: [String])],
        ranks: [[[Double]]],
        pValues: [[[Double]]]
    ) {
        precondition(!pValues.isEmpty, "thresholds are counted in one clean row at least")
        let joint = TwoLevelJoint(detectors: detectors, rows: ranks)
        let scores = pValues.map { joint.detectorScores(of: $0) }
        let chain = scores.map { joint.score(ofDetectorScores: $0) }
        self.joint = joint
        chainScores = CleanScores(chain)
        detectorScores = detectors.indices.map { index in CleanScores(scores.map { $0[index] }) }
        medianRow = chain.indices.sorted { (chain[$0], $0) < (chain[$1], $1) }[chain.count / 2]
    }

    /// A row's score by each detector.
    package func detectorScores(of row: [[Double]]) -> [Double] {
        joint.detectorScores(of: row)
    }

    /// A row's chain score.
    package func score(of row: [[Double]]) -> Double {
        joint.score(ofDetectorScores: joint.detectorScores(of: row))
    }
}
