extension EvaluationReport {
    /// All attacks on one picture taken together: it is lost when any of them got through.
    ///
    /// Pictures are the same where the clean rows behind them (`x0`) are, as the chain sees them; without `x0` in any set,
    /// where they have the same place in sets of the same length and truth. Sets that tell no pictures are left out.
    public struct AttackUnion: Sendable, Encodable {
        /// How pictures were matched: `x0` or `index`.
        public var matchedBy: String
        /// Sets that were matched, and the files of those that were not.
        public var sets: Int
        public var leftOut: [String]
        /// Distinct pictures, and how many attacks the least and the most attacked one saw.
        public var pictures: Int
        public var fewestAttacks: Int
        public var mostAttacks: Int
        /// Pictures of which the model answers an attacked row wrongly.
        public var fooled: Int
        /// Pictures of which an attacked row was answered wrongly and passed.
        public var lost: Int
        /// The share of pictures of which every attacked row was answered rightly or flagged.
        public var robustAccuracy: Double
        @OrNull public var robustAccuracyInterval: RateInterval?
        /// The share of pictures that the model by itself keeps.
        public var modelAccuracy: Double
        /// At the rank that keeps the rate on average.
        public var marginal: Marginal

        /// Flags at the marginal rank.
        public struct Marginal: Sendable, Encodable {
            public var lost: Int
            public var robustAccuracy: Double
            @OrNull public var robustAccuracyInterval: RateInterval?

            enum CodingKeys: String, CodingKey {
                case lost
                case robustAccuracy = "robust_accuracy"
                case robustAccuracyInterval = "robust_accuracy_interval"
            }
        }

        enum CodingKeys: String, CodingKey {
            case sets, pictures, fooled, lost, marginal
            case matchedBy = "matched_by"
            case leftOut = "left_out"
            case fewestAttacks = "fewest_attacks"
            case mostAttacks = "most_attacks"
            case robustAccuracy = "robust_accuracy"
            case robustAccuracyInterval = "robust_accuracy_interval"
            case modelAccuracy = "model_accuracy"
        }

        /// What became of one picture.
        private struct Fate {
            var attacks = 0
            var isFooled = false
            var isLost = false
            var isLostOnAverage = false
        }

        package init?(_ sets: [MeasuredSet], alpha: Double) {
            let labelled = sets.filter { $0.truth != nil }
            let named = labelled.filter { $0.pictures != nil }
            let matched: [(set: MeasuredSet, pictures: [String])]
            if let first = labelled.first, named.isEmpty {
                matchedBy = "index"
                matched = labelled.filter { $0.truth == first.truth }.map { set in
                    (set, set.rows.indices.map(String.init))
                }
            } else {
                matchedBy = "x0"
                matched = named.map { ($0, $0.pictures ?? []) }
            }
            guard !matched.isEmpty else { return nil }
            var fates: [String: Fate] = [:]
            for (set, pictures) in matched {
                for (index, picture) in pictures.enumerated() {
                    let row = set.rows[index]
                    let isWrong = !set.isRight(index)
                    var fate = fates[picture] ?? Fate()
                    fate.attacks += 1
                    if isWrong { fate.isFooled = true }
                    if isWrong, row.isPassed { fate.isLost = true }
                    if isWrong, !row.isFailed, !row.isFlagged(onAverageAt: alpha) { fate.isLostOnAverage = true }
                    fates[picture] = fate
                }
            }
            let files = Set(matched.map(\.set.file))
            self.sets = matched.count
            leftOut = sets.map(\.file).filter { !files.contains($0) }
            pictures = fates.count
            fewestAttacks = fates.values.map(\.attacks).min() ?? 0
            mostAttacks = fates.values.map(\.attacks).max() ?? 0
            fooled = fates.values.count { $0.isFooled }
            lost = fates.values.count { $0.isLost }
            let robust = Proportion(of: fates.values) { !$0.isLost }
            robustAccuracy = robust.rate ?? 0
            robustAccuracyInterval = robust.interval
            modelAccuracy = Proportion(of: fates.values) { !$0.isFooled }.rate ?? 0
            let onAverage = Proportion(of: fates.values) { !$0.isLostOnAverage }
            marginal = Marginal(
                lost: fates.values.count { $0.isLostOnAverage },
                robustAccuracy: onAverage.rate ?? 0,
                robustAccuracyInterval: onAverage.interval
            )
        }
    }
}
