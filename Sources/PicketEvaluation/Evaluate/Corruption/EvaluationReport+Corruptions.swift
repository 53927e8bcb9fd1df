extension EvaluationReport {
    /// Benign corruptions of clean rows: what share of merely bad pictures is flagged.
    public struct Corruptions: Sendable, Encodable {
        /// Clean rows that were corrupted, spread evenly over the set, and how many it has.
        public var n: Int
        public var of: Int
        public var kinds: [Kind]

        /// One corruption at one strength.
        public struct Kind: Sendable, Encodable {
            public var name: String
            public var strength: String
            public var flagged: Int
            public var fpr: Double
            @OrNull public var fprInterval: RateInterval?
            public var marginalFPR: Double
            /// The share of corrupted rows that the model labels right, and that the chain passes too.
            @OrNull public var accuracy: Double?
            @OrNull public var accuracyInterval: RateInterval?
            @OrNull public var accuracyKept: Double?

            enum CodingKeys: String, CodingKey {
                case name, strength, flagged, fpr, accuracy
                case fprInterval = "fpr_interval"
                case marginalFPR = "marginal_fpr"
                case accuracyInterval = "accuracy_interval"
                case accuracyKept = "accuracy_kept"
            }

            init(name: String, strength: String, _ set: MeasuredSet, alpha: Double) {
                let clean = Clean(set, alpha: alpha)
                self.name = name
                self.strength = strength
                flagged = clean.flagged
                fpr = clean.fpr
                fprInterval = clean.fprInterval
                marginalFPR = clean.marginal.fpr
                accuracy = clean.accuracy
                accuracyInterval = clean.accuracyInterval
                accuracyKept = clean.accuracyKept
            }
        }
    }
}
