extension EvaluationReport {
    /// The chain on one adversarial set.
    public struct AttackSet: Sendable, Encodable {
        /// As it was named.
        public var file: String
        /// Rows.
        public var n: Int
        /// Rows that fool the model: labelled otherwise than `y`, and (with `x0`) right before the attack.
        public var successful: Int
        /// Successful rows that the chain flagged.
        public var detected: Int
        /// Their share of the successful ones; nil where none is.
        @OrNull public var detectionRate: Double?
        @OrNull public var detectionInterval: RateInterval?
        /// Area under the ROC curve of the chain's score, successful rows against the clean set.
        @OrNull public var auc: Double?
        @OrNull public var aucInterval: RateInterval?
        /// The share of all rows that do not fool the model or are flagged.
        public var accuracyKept: Double
        /// The share of all rows that the model by itself answers rightly.
        public var modelAccuracy: Double
        /// The share of all rows that are answered rightly or flagged: the robust accuracy of model and chain together.
        public var robustAccuracy: Double
        @OrNull public var robustAccuracyInterval: RateInterval?
        /// Rows on which a detector failed.
        public var failed: Int
        /// At the rank that keeps the rate on average.
        public var marginal: Marginal

        /// Flags at the marginal rank.
        public struct Marginal: Sendable, Encodable {
            public var detected: Int
            @OrNull public var detectionRate: Double?
            @OrNull public var detectionInterval: RateInterval?
            public var robustAccuracy: Double

            enum CodingKeys: String, CodingKey {
                case detected
                case detectionRate = "detection_rate"
                case detectionInterval = "detection_interval"
                case robustAccuracy = "robust_accuracy"
            }
        }

        enum CodingKeys: String, CodingKey {
            case file, n, successful, detected, auc, failed, marginal
            case detectionRate = "detection_rate"
            case detectionInterval = "detection_interval"
            case aucInterval = "auc_interval"
            case accuracyKept = "accuracy_kept"
            case modelAccuracy = "model_accuracy"
            case robustAccuracy = "robust_accuracy"
            case robustAccuracyInterval = "robust_accuracy_interval"
        }

        package init(_ set: MeasuredSet, clean: MeasuredSet, alpha: Double) {
            let fooling = set.fooling
            let detections = Proportion(of: fooling) { $0.isFlagged }
            file = set.file
            n = set.rows.count
            successful = fooling.count
            detected = detections.count
            detectionRate = detections.rate
            detectionInterval = detections.interval
            let negatives = clean.rows.map(\.score)
            let positives = fooling.map(\.score)
            auc = RankingCurve.area(negatives: negatives, positives: positives)
            aucInterval = RankingCurve.interval(negatives: negatives, positives: positives)
            let lost = fooling.count { $0.isPassed }
            accuracyKept = Proportion(set.rows.count - lost, of: set.rows.count).rate ?? 1
            modelAccuracy = Proportion(of: set.rows.indices) { set.isRight($0) }.rate ?? 0
            let robust = Proportion(of: set.rows.indices) { set.isRight($0) || !set.rows[$0].isPassed }
            robustAccuracy = robust.rate ?? 0
            robustAccuracyInterval = robust.interval
            failed = set.rows.count { $0.isFailed }
            let onAverage = Proportion(of: fooling) { $0.isFlagged(onAverageAt: alpha) }
            marginal = Marginal(
                detected: onAverage.count,
                detectionRate: onAverage.rate,
                detectionInterval: onAverage.interval,
                robustAccuracy: Proportion(of: set.rows.indices) {
                    set.isRight($0) || set.rows[$0].isFailed || set.rows[$0].isFlagged(onAverageAt: alpha)
                }.rate ?? 0
            )
        }
    }

    /// The set that the chain detects least of.
    public struct WorstSet: Sendable, Encodable {
        public var file: String
        public var successful: Int
        public var detectionRate: Double
        @OrNull public var detectionInterval: RateInterval?
        /// The least at the marginal rank, which another set may have.
        public var marginalFile: String
        public var marginalDetectionRate: Double

        enum CodingKeys: String, CodingKey {
            case file, successful
            case detectionRate = "detection_rate"
            case detectionInterval = "detection_interval"
            case marginalFile = "marginal_file"
            case marginalDetectionRate = "marginal_detection_rate"
        }

        init?(_ sets: [AttackSet]) {
            let counted = sets.filter { $0.successful > 0 }
            guard let worst = counted.min(by: { ($0.detectionRate ?? 1) < ($1.detectionRate ?? 1) }),
                let marginal = counted.min(by: {
                    ($0.marginal.detectionRate ?? 1) < ($1.marginal.detectionRate ?? 1)
                })
            else { return nil }
            file = worst.file
            successful = worst.successful
            detectionRate = worst.detectionRate ?? 0
            detectionInterval = worst.detectionInterval
            marginalFile = marginal.file
            marginalDetectionRate = marginal.marginal.detectionRate ?? 0
        }
    }

    /// The mean of the sets' detection rates.
    public struct MeanDetection: Sendable, Encodable {
        /// Sets with a successful attack.
        public var sets: Int
        public var detectionRate: Double
        public var marginalDetectionRate: Double

        enum CodingKeys: String, CodingKey {
            case sets
            case detectionRate = "detection_rate"
            case marginalDetectionRate = "marginal_detection_rate"
        }

        init?(_ sets: [AttackSet]) {
            let counted = sets.filter { $0.successful > 0 }
            guard !counted.isEmpty else { return nil }
            self.sets = counted.count
            detectionRate = counted.reduce(0) { $0 + ($1.detectionRate ?? 0) } / Double(counted.count)
            marginalDetectionRate =
                counted.reduce(0) { $0 + ($1.marginal.detectionRate ?? 0) } / Double(counted.count)
        }
    }
}
