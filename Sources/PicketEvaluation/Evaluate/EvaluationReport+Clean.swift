extension EvaluationReport {
    /// The chain on clean rows.
    public struct Clean: Sendable, Encodable {
        /// Rows.
        public var n: Int
        /// Rows that the chain flagged.
        public var flagged: Int
        /// Their share: the false-positive rate as measured.
        public var fpr: Double
        @OrNull public var fprInterval: RateInterval?
        /// The share of rows that the model labels right; nil without labels.
        @OrNull public var accuracy: Double?
        @OrNull public var accuracyInterval: RateInterval?
        /// The share of rows that the model labels right and the chain passes; nil without labels.
        @OrNull public var accuracyKept: Double?
        @OrNull public var accuracyKeptInterval: RateInterval?
        /// Rows on which a detector failed.
        public var failed: Int
        /// Rows that the model labels right, and the share of them that is flagged; nil without labels.
        @OrNull public var right: Int?
        @OrNull public var fprRight: Double?
        @OrNull public var fprRightInterval: RateInterval?
        /// Rows that the model labels wrong, and the share of them that is flagged; nil without labels.
        @OrNull public var wrong: Int?
        @OrNull public var fprWrong: Double?
        @OrNull public var fprWrongInterval: RateInterval?
        /// By the class that the model predicts, ascending; classes that it predicts for no row are missing.
        public var perClass: [PredictedClass]
        /// At the rank that keeps the rate on average.
        public var marginal: Marginal

        /// Rows that the model takes for one class.
        public struct PredictedClass: Sendable, Encodable {
            /// The model's label.
            public var label: Int
            public var n: Int
            public var flagged: Int
            public var fpr: Double
            @OrNull public var fprInterval: RateInterval?

            enum CodingKeys: String, CodingKey {
                case n, flagged, fpr
                case label = "class"
                case fprInterval = "fpr_interval"
            }
        }

        /// Flags at the marginal rank.
        public struct Marginal: Sendable, Encodable {
            public var flagged: Int
            public var fpr: Double
            @OrNull public var fprInterval: RateInterval?

            enum CodingKeys: String, CodingKey {
                case flagged, fpr
                case fprInterval = "fpr_interval"
            }
        }

        enum CodingKeys: String, CodingKey {
            case n, flagged, fpr, accuracy, failed, right, wrong, marginal
            case fprInterval = "fpr_interval"
            case accuracyInterval = "accuracy_interval"
            case accuracyKept = "accuracy_kept"
            case accuracyKeptInterval = "accuracy_kept_interval"
            case fprRight = "fpr_right"
            case fprRightInterval = "fpr_right_interval"
            case fprWrong = "fpr_wrong"
            case fprWrongInterval = "fpr_wrong_interval"
            case perClass = "per_class"
        }

        package init(_ set: MeasuredSet, alpha: Double) {
            let all = set.rows.indices
            let flags = Proportion(of: set.rows) { $0.isFlagged }
            n = set.rows.count
            flagged = flags.count
            fpr = flags.rate ?? 0
            fprInterval = flags.interval
            failed = set.rows.count { $0.isFailed }
            let isLabelled = set.truth != nil
            let accurate = isLabelled ? Proportion(of: all) { set.isRight($0) } : nil
            let kept = isLabelled ? Proportion(of: all) { set.isRight($0) && set.rows[$0].isPassed } : nil
            accuracy = accurate?.rate
            accuracyInterval = accurate?.interval
            accuracyKept = kept?.rate
            accuracyKeptInterval = kept?.interval
            let onRight =
                isLabelled ? Proportion(of: all.filter { set.isRight($0) }) { set.rows[$0].isFlagged } : nil
            let onWrong =
                isLabelled ? Proportion(of: all.filter { !set.isRight($0) }) { set.rows[$0].isFlagged } : nil
            right = onRight?.whole
            fprRight = onRight?.rate
            fprRightInterval = onRight?.interval
            wrong = onWrong?.whole
            fprWrong = onWrong?.rate
            fprWrongInterval = onWrong?.interval
            let byLabel = Dictionary(grouping: set.rows.filter { $0.label != nil }) { $0.label ?? 0 }
            perClass = byLabel.sorted { $0.key < $1.key }.map { label, rows in
                let flags = Proportion(of: rows) { $0.isFlagged }
                return PredictedClass(
                    label: label,
                    n: rows.count,
                    flagged: flags.count,
                    fpr: flags.rate ?? 0,
                    fprInterval: flags.interval
                )
            }
            let onAverage = Proportion(of: set.rows) { $0.isFlagged(onAverageAt: alpha) }
            marginal = Marginal(
                flagged: onAverage.count,
                fpr: onAverage.rate ?? 0,
                fprInterval: onAverage.interval
            )
        }
    }
}
