/// What `picket evaluate` measures; its JSON is a contract, to which keys may be added.
public struct EvaluationReport: Sendable, Encodable {
    /// The chain on clean rows.
    public struct Clean: Sendable, Encodable {
        /// Rows.
        public var n: Int
        /// Rows that the chain flagged.
        public var flagged: Int
        /// Their share: the false-positive rate as measured.
        public var fpr: Double
        /// The share of rows that the model labels right; nil without labels.
        public var accuracy: Double?
        /// The share of rows that the model labels right and the chain passes; nil without labels.
        public var accuracyKept: Double?
        /// Rows on which a detector failed.
        public var failed: Int

        enum CodingKeys: String, CodingKey {
            case n, flagged, fpr, accuracy, failed
            case accuracyKept = "accuracy_kept"
        }
    }

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
        public var detectionRate: Double?
        /// Area under the ROC curve of the chain's score, successful rows against the clean set.
        public var auc: Double?
        /// The share of all rows that are labelled right or flagged.
        public var accuracyKept: Double

        enum CodingKeys: String, CodingKey {
            case file, n, successful, detected, auc
            case detectionRate = "detection_rate"
            case accuracyKept = "accuracy_kept"
        }
    }

    /// One detector by itself.
    public struct Detector: Sendable, Encodable {
        /// On the clean rows.
        public struct Clean: Sendable, Encodable {
            /// The share that it alone would flag.
            public var fpr: Double
        }

        /// On one adversarial set.
        public struct AttackSet: Sendable, Encodable {
            /// As it was named.
            public var file: String
            /// The share of successful rows that it alone would flag.
            public var detectionRate: Double?
            /// Area under the ROC curve of its own score.
            public var auc: Double?

            enum CodingKeys: String, CodingKey {
                case file, auc
                case detectionRate = "detection_rate"
            }
        }

        /// In the configuration.
        public var name: String
        /// On the clean rows.
        public var clean: Clean
        /// In the order of the sets.
        public var sets: [AttackSet]
    }

    /// The model's name in the configuration.
    public var model: String
    /// What the calibration promises.
    public var falsePositiveRate: Double
    /// With what confidence.
    public var confidence: Double
    /// The clean set.
    public var clean: Clean
    /// In the order they were named.
    public var sets: [AttackSet]
    /// In the chain's order.
    public var detectors: [Detector]
    /// Forward passes that a request of one row takes.
    public var passesPerRequest: Int

    package init(
        model: String,
        falsePositiveRate: Double,
        confidence: Double,
        clean: Clean,
        sets: [AttackSet],
        detectors: [Detector],
        passesPerRequest: Int
    ) {
        self.model = model
        self.falsePositiveRate = falsePositiveRate
        self.confidence = confidence
        self.clean = clean
        self.sets = sets
        self.detectors = detectors
        self.passesPerRequest = passesPerRequest
    }

    enum CodingKeys: String, CodingKey {
        case model, confidence, clean, sets, detectors
        case falsePositiveRate = "false_positive_rate"
        case passesPerRequest = "passes_per_request"
    }
}
