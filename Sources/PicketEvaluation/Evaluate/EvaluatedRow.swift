/// What the chain said of one row of a data set, as far as rates and curves need it.
package struct EvaluatedRow: Sendable, Hashable {
    /// One detector's word on the row.
    package struct DetectorScore: Sendable, Hashable {
        /// Higher is more suspicious.
        package var score: Double
        /// Whether the detector alone would have flagged the row at the chain's rate.
        package var isFlagged: Bool

        package init(score: Double, isFlagged: Bool) {
            self.score = score
            self.isFlagged = isFlagged
        }
    }

    /// The chain's score, higher is more suspicious; infinite where a detector failed, since such a row does not pass.
    package var score: Double
    /// The chain's verdict.
    package var isFlagged: Bool
    /// Whether a detector failed on the row.
    package var isFailed: Bool
    /// The served model's label.
    package var label: Int?
    /// In the chain's order.
    package var detectors: [DetectorScore]

    package init(score: Double, isFlagged: Bool, isFailed: Bool, label: Int?, detectors: [DetectorScore]) {
        self.score = score
        self.isFlagged = isFlagged
        self.isFailed = isFailed
        self.label = label
        self.detectors = detectors
    }
}
