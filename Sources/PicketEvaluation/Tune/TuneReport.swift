/// What `picket tune` found.
public struct TuneReport: Sendable, Encodable {
    /// A part of a chain that could be taken or left.
    public struct Part: Sendable, Encodable {
        public var name: String
        /// Passes of a chain of it alone, the plain inference among them.
        public var passes: Int
        public var components: [String]
        /// What it reaches alone.
        public var detection: Double
    }

    /// The best choice found for a budget.
    public struct Choice: Sendable, Encodable {
        /// What was allowed.
        public var budget: Int
        /// What it takes.
        public var passes: Int
        /// The mean over the sets of the share of successful examples that are flagged, at the rank that keeps the rate on
        /// average; thresholds are cross-validated, the choice saw these attacks.
        public var detection: Double
        public var worstFile: String
        public var worstDetection: Double
        /// The same mean where each attack's sets are judged by a choice that was made without that attack; nil where
        /// there is one attack alone.
        @OrNull public var leftOut: Double?
        /// By attack, what the choice made without it reaches.
        public var leftOutAttacks: [LeftOut]
        /// Of clean rows that neither ranks nor thresholds saw.
        public var falsePositiveRate: Double
        /// By set.
        public var sets: [Double]
        public var parts: [String]

        enum CodingKeys: String, CodingKey {
            case budget, passes, detection, sets, parts
            case worstFile = "worst_file"
            case worstDetection = "worst_detection"
            case leftOut = "left_out"
            case leftOutAttacks = "left_out_attacks"
            case falsePositiveRate = "false_positive_rate"
        }
    }

    /// An attack that a choice was made without.
    public struct LeftOut: Sendable, Encodable {
        public var attack: String
        public var detection: Double
    }

    /// A set of attacked rows.
    public struct AttackSet: Sendable, Encodable {
        public var file: String
        public var attack: String
        /// Rows looked at, and how many of them fool the model: those alone count.
        public var rows: Int
        public var successful: Int
    }

    /// A detector of the chosen chain.
    public struct Detector: Sendable, Encodable {
        public var plugin: String
        public var name: String
        /// What its evidence counts beside the others'.
        public var weight: Double
        /// Its settings, as JSON.
        public var config: SettingsValue

        public init(plugin: String, name: String, weight: Double = 1, config: SettingsValue) {
            self.plugin = plugin
            self.name = name
            self.weight = weight
            self.config = config
        }
    }

    /// The chosen chain, calibrated and run as it will be deployed.
    public struct Verified: Sendable, Encodable {
        public var passesPerRequest: Int
        public var rowsPerRequest: Int
        /// Which clean score is the threshold.
        public var rank: Int
        public var n: Int
        /// The means over the sets at the deployed and at the marginal rank.
        public var detection: Double
        public var marginalDetection: Double
        public var sets: [AttackSet]

        public struct AttackSet: Sendable, Encodable {
            public var file: String
            public var successful: Int
            @OrNull public var detectionRate: Double?
            @OrNull public var detectionInterval: RateInterval?
            @OrNull public var marginalDetectionRate: Double?

            enum CodingKeys: String, CodingKey {
                case file, successful
                case detectionRate = "detection_rate"
                case detectionInterval = "detection_interval"
                case marginalDetectionRate = "marginal_detection_rate"
            }
        }

        enum CodingKeys: String, CodingKey {
            case rank, n, detection, sets
            case passesPerRequest = "passes_per_request"
            case rowsPerRequest = "rows_per_request"
            case marginalDetection = "marginal_detection"
        }
    }

    /// What every reader has to know.
    public static let caution =
        "The choice was made on these clean rows and attacks: no promise covers them. Calibrate the new configuration with "
        + "`picket calibrate` on clean rows that tune has not seen, and judge it with `picket evaluate` on others again."

    public var model: String
    public var falsePositiveRate: Double
    public var confidence: Double
    public var method: String
    public var budget: Int
    /// Clean rows in all, and of them those that detectors learnt from.
    public var clean: Int
    public var fitted: Int
    /// Rows left out since a detector failed on them.
    public var failed: Int
    public var sets: [AttackSet]
    public var pool: [Part]
    /// Passes of everything together.
    public var poolPasses: Int
    /// All parts of the configured detectors together.
    public var configured: Choice
    /// By budget.
    public var frontier: [Choice]
    /// For the budget asked for.
    public var chosen: Choice
    public var detectors: [Detector]
    /// Nil where the clean rows do not carry the configuration's promise.
    @OrNull public var verified: Verified?
    /// Why it was not verified; nil where it was.
    @OrNull public var notVerified: String?
    public var caution = TuneReport.caution

    enum CodingKeys: String, CodingKey {
        case model, confidence, method, budget, clean, fitted, failed, sets, pool, frontier, chosen, detectors, verified
        case configured, caution
        case notVerified = "not_verified"
        case falsePositiveRate = "false_positive_rate"
        case poolPasses = "pool_passes"
    }
}
