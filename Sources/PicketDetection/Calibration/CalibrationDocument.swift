/// The calibration file's JSON, as it is written: names and types, nothing checked beyond them.
struct CalibrationDocument: Codable {
    struct Asked: Codable {
        var rate: Double
        var confidence: Double
        var unit: Promise.Unit
        var rank: Int

        enum CodingKeys: String, CodingKey {
            case rate
            case confidence
            case unit = "rate_per"
            case rank
        }
    }

    struct Table: Codable {
        var scale: RankTable.Scale
        var values: [Double]
        var counts: [Int]
    }

    struct Component: Codable {
        var name: String
        var ranks: Table
    }

    struct Detector: Codable {
        var name: String
        var plugin: String
        var version: String
        var components: [Component]
        var family: Table
        var scores: [Double]
    }

    struct Golden: Codable {
        var shape: [Int]
        /// float32, little-endian, Base64.
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
    var counts: CalibrationFile.Counts
    var splitSeed: UInt64
    var keyID: String
    var chain: Chain
    var models: [CalibrationFile.Artifact]
    var states: [CalibrationFile.Artifact]
    var golden: Golden
    var detectors: [Detector]
    var scores: [Double]

    enum CodingKeys: String, CodingKey {
        case schema
        case model
        case created
        case promise
        case counts
        case splitSeed = "split_seed"
        case keyID = "key_id"
        case chain
        case models
        case states
        case golden
        case detectors
        case scores
    }
}
