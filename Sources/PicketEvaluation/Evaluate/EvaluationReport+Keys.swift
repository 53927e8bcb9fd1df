extension EvaluationReport {
    /// The same sets judged again under several keys: how far figures hang on what was drawn.
    public struct KeySpread: Sendable, Encodable {
        /// Keys, the given one first; the others are derived from it.
        public var n: Int
        /// The measured false-positive rate: worst is the highest.
        public var cleanFPR: Spread
        public var cleanMarginalFPR: Spread
        /// In the order of the sets.
        public var sets: [AttackSet]
        /// Over the mean of the sets' detection rates; nil without a successful attack.
        @OrNull public var mean: Spread?

        /// A figure's mean over the keys, and the worst.
        public struct Spread: Sendable, Encodable {
            public var mean: Double
            public var worst: Double

            /// - Parameter isWorst: whether the first of two figures is the worse one.
            init?(_ figures: [Double?], isWorst: (Double, Double) -> Bool) {
                let known = figures.compactMap { $0 }
                guard let worst = known.min(by: isWorst) else { return nil }
                mean = known.reduce(0, +) / Double(known.count)
                self.worst = worst
            }
        }

        /// Of one set.
        public struct AttackSet: Sendable, Encodable {
            public var file: String
            @OrNull public var detectionRate: Spread?
            @OrNull public var marginalDetectionRate: Spread?
            @OrNull public var robustAccuracy: Spread?

            enum CodingKeys: String, CodingKey {
                case file
                case detectionRate = "detection_rate"
                case marginalDetectionRate = "marginal_detection_rate"
                case robustAccuracy = "robust_accuracy"
            }
        }

        enum CodingKeys: String, CodingKey {
            case n, sets, mean
            case cleanFPR = "clean_fpr"
            case cleanMarginalFPR = "clean_marginal_fpr"
        }

        /// - Parameter reports: one a key, of the same sets.
        package init?(_ reports: [EvaluationReport]) {
            guard let first = reports.first,
                let fpr = Spread(reports.map(\.clean.fpr), isWorst: >),
                let marginal = Spread(reports.map(\.clean.marginal.fpr), isWorst: >)
            else { return nil }
            n = reports.count
            cleanFPR = fpr
            cleanMarginalFPR = marginal
            sets = first.sets.indices.map { index in
                let all = reports.map { $0.sets[index] }
                return AttackSet(
                    file: first.sets[index].file,
                    detectionRate: Spread(all.map(\.detectionRate), isWorst: <),
                    marginalDetectionRate: Spread(all.map(\.marginal.detectionRate), isWorst: <),
                    robustAccuracy: Spread(all.map(\.robustAccuracy), isWorst: <)
                )
            }
            mean = Spread(reports.map { $0.mean?.detectionRate }, isWorst: <)
        }
    }
}
