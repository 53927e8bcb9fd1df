/// The calibration file's JSON, as it is written: names and types, nothing checked beyond them.
struct CalibrationDocument: Codable {
    struct Asked: Codable {
        var rate: Double
        var confidence: Double
        /// Follows from the confidence; for people.
        var guarantee: Promise.Guarantee
        var unit: Promise.Unit
        var isClassConditional: Bool

        enum CodingKeys: String, CodingKey {
            case rate
            case confidence
            case guarantee
            case unit = "rate_per"
            case isClassConditional = "class_conditional"
        }
    }

    struct Table: Codable {
        var scale: RankTable.Scale
        /// The distinct values, ascending.
        var values: PackedNumbers
        /// Where a value was found more than once: its index and how often, one after the other.
        var ties: [Int]?
    }

    struct Component: Codable {
        var name: String
        var ranks: Table
    }

    struct Detector: Codable {
        var name: String
        var plugin: String
        var version: String
        /// Absent where it is 1.
        var weight: Double?
        var components: [Component]
        /// Absent where the method does not rank families again.
        var family: Table?
    }

    struct Stratum: Codable {
        /// The predicted class; absent where all rows share one threshold.
        var label: Int?
        var rank: Int
        var scores: PackedNumbers
        var detectors: [PackedNumbers]

        enum CodingKeys: String, CodingKey {
            case label = "class"
            case rank
            case scores
            case detectors
        }
    }

    struct Rows: Codable {
        /// Lower-case hexadecimal.
        var salt: String
        /// Ascending, 8 bytes each, little-endian, Base64.
        var codes: String
    }

    struct Golden: Codable {
        var shape: [Int]
        /// `uint8:` where every element is a whole number of 255ths, which is then its byte; else `float32:`,
        /// little-endian. Base64.
        var row: String
        var components: [[Double]]
        var score: Double
    }

    struct Chain: Codable {
        var digest: String
        var parts: [ChainDigest.Part]
    }

    var schema: Int
    var model: String
    var created: String
    var promise: Asked
    var method: JointMethod
    var counts: CalibrationFile.Counts
    var splitSeed: UInt64
    var keyID: String
    var chain: Chain
    var models: [CalibrationFile.Artifact]
    var states: [CalibrationFile.Artifact]
    var golden: Golden
    var rows: Rows
    var detectors: [Detector]
    var strata: [Stratum]
    var digests = Digests.none

    enum CodingKeys: String, CodingKey, CaseIterable {
        case schema
        case model
        case created
        case promise
        case method
        case counts
        case splitSeed = "split_seed"
        case keyID = "key_id"
        case chain
        case models
        case states
        case golden
        case rows
        case detectors
        case strata
        case digests
    }
}
