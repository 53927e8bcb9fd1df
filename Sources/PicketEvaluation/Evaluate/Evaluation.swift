package import PicketDetection
package import PicketTensor

/// What an evaluation found: the report's figures, and what stands behind them.
public struct Evaluation: Sendable {
    /// The figures.
    public var report: EvaluationReport
    /// The clean set first, then the adversarial ones in the order they were named.
    package var sets: [MeasuredSet]
    /// The chain's detectors.
    package var detectors: [DetectorFacts]
    /// Scores beyond which rows are flagged.
    package var thresholds: [Threshold]
    /// What was measured with what.
    package var provenance: Provenance
    /// Rows to look at; none where no report was asked for.
    package var exemplars = Exemplars()
    /// The whole chain on a request of one row, beyond the plain inference; nil where no report was asked for.
    package var chainMilliseconds: Double?

    package init(
        report: EvaluationReport,
        sets: [MeasuredSet],
        detectors: [DetectorFacts],
        thresholds: [Threshold],
        provenance: Provenance
    ) {
        self.report = report
        self.sets = sets
        self.detectors = detectors
        self.thresholds = thresholds
        self.provenance = provenance
    }

    /// A score beyond which rows are flagged.
    package struct Threshold: Sendable {
        package var name: String
        package var score: Double
        package var isDeployed: Bool

        package init(name: String, score: Double, isDeployed: Bool) {
            self.name = name
            self.score = score
            self.isDeployed = isDeployed
        }

        /// None of a class-conditional promise, where every class has its own.
        static func all(
            of calibration: CalibrationFile,
            promise: EvaluationReport.PromiseFigures
        ) -> [Threshold] {
            guard calibration.strata.count == 1, let scores = calibration.strata.first?.chain else { return [] }
            return [(promise.rank, true), (promise.marginalRank, false)].map { rank, isDeployed in
                Threshold(
                    name: isDeployed ? "deployed, rank \(rank)" : "marginal, rank \(rank)",
                    score: scores.threshold(rank: min(max(rank, 1), scores.count)),
                    isDeployed: isDeployed
                )
            }
        }
    }
}

/// A row that the chain got wrong.
package struct Exemplar: Sendable {
    package var file: String
    package var index: Int
    package var truth: Int?
    package var label: Int
    package var score: Double
    package var pValue: Double
    /// As detectors see it, `[C, H, W]`.
    package var row: Tensor
    /// The clean row behind.
    package var clean: Tensor?

    package init(
        file: String,
        index: Int,
        truth: Int?,
        label: Int,
        score: Double,
        pValue: Double,
        row: Tensor,
        clean: Tensor?
    ) {
        self.file = file
        self.index = index
        self.truth = truth
        self.label = label
        self.score = score
        self.pValue = pValue
        self.row = row
        self.clean = clean
    }
}

/// Rows that the chain got most wrong.
package struct Exemplars: Sendable {
    /// Successful examples that passed, those of the lowest scores first.
    package var missed: [Exemplar] = []
    /// Clean rows that were flagged, those of the highest scores first.
    package var mistaken: [Exemplar] = []

    package init() {}
}
