/// What the chain said of one row of a data set, as far as rates and curves need it.
package struct EvaluatedRow: Sendable, Hashable {
    /// One detector's word on the row.
    package struct DetectorScore: Sendable, Hashable {
        /// Higher is more suspicious.
        package var score: Double
        /// Whether the detector alone would have flagged the row at the chain's promise.
        package var isFlagged: Bool
        /// The conformal p-value of the score.
        package var pValue: Double

        package init(score: Double, isFlagged: Bool, pValue: Double) {
            self.score = score
            self.isFlagged = isFlagged
            self.pValue = pValue
        }
    }

    /// The chain's score, higher is more suspicious; infinite where a detector failed, since such a row does not pass.
    package var score: Double
    /// The conformal p-value of the score; 0 where a detector failed.
    package var pValue: Double
    /// The chain's verdict.
    package var isFlagged: Bool
    /// Whether a detector failed on the row.
    package var isFailed: Bool
    /// The served model's label.
    package var label: Int?
    /// Its probability.
    package var confidence: Float?
    /// In the chain's order.
    package var detectors: [DetectorScore]
    /// By detector, the components; empty for one that failed.
    package var components: [[Double]]

    package init(
        score: Double,
        pValue: Double,
        isFlagged: Bool,
        isFailed: Bool,
        label: Int?,
        confidence: Float? = nil,
        detectors: [DetectorScore],
        components: [[Double]] = []
    ) {
        self.score = score
        self.pValue = pValue
        self.isFlagged = isFlagged
        self.isFailed = isFailed
        self.label = label
        self.confidence = confidence
        self.detectors = detectors
        self.components = components
    }

    /// Whether the row would be flagged by a threshold that keeps the rate on average over calibrations: a conformal
    /// p-value of at most the rate.
    package func isFlagged(onAverageAt rate: Double) -> Bool {
        !isFailed && PValue.isFlagged(pValue, at: rate)
    }

    /// Neither flagged nor refused for a detector's failure.
    package var isPassed: Bool { !isFlagged && !isFailed }
}

/// Comparing p-values with a rate, both of them quotients that were rounded.
enum PValue {
    static func isFlagged(_ pValue: Double, at rate: Double) -> Bool { pValue <= rate * (1 + 1e-12) }
}
