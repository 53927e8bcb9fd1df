import Foundation
import PicketDetection

extension CalibrationRun {
    /// What was written and what it promises.
    public struct Summary: Sendable, Encodable {
        /// The threshold of one predicted class.
        public struct ClassThreshold: Sendable, Encodable {
            public var label: Int
            /// Clean rows for p-values that the model predicts as this class.
            public var n: Int
            public var rank: Int
            public var threshold: Double

            enum CodingKeys: String, CodingKey {
                case n, rank, threshold
                case label = "class"
            }
        }

        /// The model's name in the configuration.
        public var model: String
        /// The calibration file.
        public var file: String
        /// What is promised, with what confidence, over what.
        public var falsePositiveRate: Double
        public var confidence: Double
        /// marginal, or training-conditional.
        public var guarantee: String
        public var ratePer: String
        /// How components became one score.
        public var method: String
        /// Clean rows of each part.
        public var fitted: Int
        public var ranked: Int
        public var judged: Int
        /// Which of the judged scores is the threshold, the largest being 1. With classes, that of the class with the
        /// fewest rows; ``classes`` has each.
        public var rank: Int
        public var threshold: Double
        /// Where the rate holds in every predicted class: each class's threshold. Else nil.
        public var classes: [ClassThreshold]?
        /// Judged rows that every class needs for this promise; nil without classes.
        public var neededPerClass: Int?
        /// The smallest rate that the judged rows carry at this confidence (with classes: in the class with the fewest).
        public var smallestRate: Double
        public var chainDigest: String
        public var keyID: String
        /// The rate at which a clean request of 32 rows is rejected, where rows are judged one by one.
        public var rejectedOf32Rows: Double?
        /// The largest request that the calibration resolves under rate-per: request.
        public var largestRequest: Int?

        enum CodingKeys: String, CodingKey {
            case model, file, confidence, guarantee, method, fitted, ranked, judged, rank, threshold, classes
            case falsePositiveRate = "false_positive_rate"
            case ratePer = "rate_per"
            case neededPerClass = "needed_per_class"
            case smallestRate = "smallest_rate"
            case chainDigest = "chain_digest"
            case keyID = "key_id"
            case rejectedOf32Rows = "rejected_of_32_rows"
            case largestRequest = "largest_request"
        }

        init(_ file: CalibrationFile, path: String) {
            guard let fewest = file.strata.min(by: { $0.chain.count < $1.chain.count }) else {
                preconditionFailure("a calibration has a threshold at least")
            }
            let promise = file.promise
            model = file.model
            self.file = path
            falsePositiveRate = promise.rate
            confidence = promise.confidence
            guarantee = promise.guarantee.rawValue
            ratePer = promise.unit.rawValue
            method = file.method.rawValue
            fitted = file.counts.fit
            ranked = file.counts.ranks
            judged = file.counts.pValues
            rank = fewest.rank
            threshold = fewest.threshold
            if promise.isClassConditional {
                classes = file.strata.map {
                    ClassThreshold(label: $0.label ?? 0, n: $0.chain.count, rank: $0.rank, threshold: $0.threshold)
                }
            }
            neededPerClass = promise.isClassConditional ? promise.neededSampleCount() : nil
            smallestRate = promise.smallestRate(sampleCount: fewest.chain.count)
            chainDigest = file.chainDigest
            keyID = file.keyID
            rejectedOf32Rows = promise.unit == .row ? 1 - pow(1 - promise.rate, 32) : nil
            largestRequest = Judge(file).largestRequest
        }
    }
}
