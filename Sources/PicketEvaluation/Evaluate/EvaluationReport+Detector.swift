extension EvaluationReport {
    /// One detector by itself.
    public struct Detector: Sendable, Encodable {
        /// On the clean rows.
        public struct Clean: Sendable, Encodable {
            /// The share that it alone would flag.
            public var fpr: Double
            @OrNull public var fprInterval: RateInterval?

            enum CodingKeys: String, CodingKey {
                case fpr
                case fprInterval = "fpr_interval"
            }
        }

        /// On one adversarial set.
        public struct AttackSet: Sendable, Encodable {
            /// As it was named.
            public var file: String
            /// The share of successful rows that it alone would flag.
            @OrNull public var detectionRate: Double?
            @OrNull public var detectionInterval: RateInterval?
            /// The same at the rank that keeps the rate on average.
            @OrNull public var marginalDetectionRate: Double?
            /// Area under the ROC curve of its own score.
            @OrNull public var auc: Double?

            enum CodingKeys: String, CodingKey {
                case file, auc
                case detectionRate = "detection_rate"
                case detectionInterval = "detection_interval"
                case marginalDetectionRate = "marginal_detection_rate"
            }
        }

        /// What the detector costs.
        public struct Cost: Sendable, Encodable {
            /// Forward passes and their rows that a request of one row takes with this detector alone, the plain
            /// inference included.
            public var passes: Int
            public var rows: Int
            /// What the whole chain would save without it: what only this detector needs.
            public var passesSaved: Int
            public var rowsSaved: Int
            /// Of a request of one row with this detector alone, beyond the plain inference; the middle of several.
            @OrNull public var milliseconds: Double?

            enum CodingKeys: String, CodingKey {
                case passes, rows
                case passesSaved = "passes_saved"
                case rowsSaved = "rows_saved"
                case milliseconds = "ms"
            }
        }

        /// In the configuration.
        public var name: String
        /// On the clean rows.
        public var clean: Clean
        /// In the order of the sets.
        public var sets: [AttackSet]
        /// Nil where it was not asked for.
        @OrNull public var cost: Cost?

        /// - Parameter index: the detector's place in the chain.
        package init(name: String, index: Int, clean: MeasuredSet, sets: [MeasuredSet], alpha: Double) {
            self.name = name
            let flags = Proportion(of: clean.rows) { $0.detectors[index].isFlagged }
            self.clean = Clean(fpr: flags.rate ?? 0, fprInterval: flags.interval)
            let negatives = clean.rows.map { $0.detectors[index].score }
            self.sets = sets.map { set in
                let fooling = set.fooling.map { $0.detectors[index] }
                let detections = Proportion(of: fooling) { $0.isFlagged }
                return AttackSet(
                    file: set.file,
                    detectionRate: detections.rate,
                    detectionInterval: detections.interval,
                    marginalDetectionRate: Proportion(of: fooling) { PValue.isFlagged($0.pValue, at: alpha) }.rate,
                    auc: RankingCurve.area(negatives: negatives, positives: fooling.map(\.score))
                )
            }
            cost = nil
        }
    }
}
