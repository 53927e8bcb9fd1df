import PicketDetection

extension EvaluationReport {
    /// What the calibration vouches for, and what carries it.
    public struct PromiseFigures: Sendable, Encodable {
        /// The false-positive rate on clean inputs.
        public var alpha: Double
        /// With this confidence over the calibration draw; 0: on average.
        public var confidence: Double
        /// What the rate is counted over: row or request.
        public var ratePer: String
        /// Whether it holds in every predicted class.
        public var isClassConditional = false
        /// Clean scores that the threshold is counted in; of a class-conditional promise, those of the class with the
        /// fewest, as for the ranks.
        public var n: Int
        /// Which of them, from the largest down, is the threshold that the daemon deploys for a row by itself.
        public var rank: Int
        /// The rank that keeps the rate on average only; what "marginal" figures are counted at.
        public var marginalRank: Int
        /// `training-conditional` or `marginal`.
        public var guarantee: String

        enum CodingKeys: String, CodingKey {
            case alpha, confidence, n, rank, guarantee
            case ratePer = "rate_per"
            case isClassConditional = "class_conditional"
            case marginalRank = "marginal_rank"
        }

        package init(alpha: Double, confidence: Double, ratePer: String, n: Int, rank: Int) {
            self.alpha = alpha
            self.confidence = confidence
            self.ratePer = ratePer
            self.n = n
            self.rank = rank
            marginalRank = Int((alpha * Double(n + 1) * (1 + 1e-12)).rounded(.down))
            guarantee = confidence > 0 ? "training-conditional" : "marginal"
        }

        /// - Throws: ``CalibrationFault`` where the scores carry no promise for a request of one row.
        init(_ calibration: CalibrationFile) throws(CalibrationFault) {
            let promise = calibration.promise
            self.init(
                alpha: promise.rate,
                confidence: promise.confidence,
                ratePer: promise.unit.rawValue,
                n: calibration.strata.map(\.chain.count).min() ?? 0,
                rank: try Judge(calibration).rank(rowsInRequest: 1)
            )
            isClassConditional = promise.isClassConditional
        }
    }
}
