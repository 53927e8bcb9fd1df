/// What `calibrate` found, bound by digests to the chain that it was found with. A JSON file.
public struct CalibrationFile: Sendable, Hashable {
    public static let schema = 2

    /// A file beyond this is refused unread.
    public static let byteLimit = 64 << 20

    /// Bound on counts of rows in a file.
    static let largestCount = 1_000_000_000

    /// Rows in each part of the clean data.
    public struct Counts: Sendable, Hashable, Codable {
        public var fit: Int
        public var ranks: Int
        public var pValues: Int

        enum CodingKeys: String, CodingKey {
            case fit
            case ranks
            case pValues = "p_values"
        }
    }

    /// A model, or a state that a detector learnt, by its digest.
    public struct Artifact: Sendable, Hashable, Codable {
        /// The model's or the detector's name.
        public var name: String
        /// Lower-case hexadecimal.
        public var sha256: String
    }

    /// The plugin behind a detector.
    public struct Origin: Sendable, Hashable, Codable {
        public var detector: String
        public var plugin: String
        public var version: String
    }

    /// The served model's name.
    public var model: String
    /// When it was made, RFC 3339, UTC.
    public var created: String
    /// The rate and confidence asked for.
    public var promise: Promise
    public var counts: Counts
    public var splitSeed: UInt64
    /// The id of the key that the clean rows' draws came from.
    public var keyID: String
    public var chainDigest: String
    public var chainParts: [ChainDigest.Part]
    public var models: [Artifact]
    public var states: [Artifact]
    public var origins: [Origin]
    public var golden: GoldenRow
    /// Every clean row that was fitted, ranked or judged.
    public var usedRows: UsedRows
    /// The scores of the p-value part, in the strata that thresholds are counted in: one, or one for each predicted class,
    /// by ascending class.
    public var strata: [ScoreStratum]

    var joint: Joint

    /// How components become a score.
    public var method: JointMethod { joint.method }

    /// Names of the detectors with their components, in the chain's order.
    public var detectors: [(name: String, components: [String])] {
        joint.families.map { ($0.detector, $0.components) }
    }

    /// Chain scores of the whole p-value part.
    public var chainScores: CleanScores { CleanScores(strata.flatMap(\.chain.ascending)) }

    /// By detector, its scores of the same rows.
    public var detectorScores: [CleanScores] {
        joint.families.indices.map { index in CleanScores(strata.flatMap { $0.detectors[index].ascending }) }
    }
}
