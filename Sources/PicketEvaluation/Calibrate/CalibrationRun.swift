import Foundation
public import Logging
public import PicketConfiguration
public import PicketCrypto
public import PicketDetection
import PicketRuntime

/// `picket calibrate`: fits a chain of the configuration on clean data, and writes what the configuration names.
public struct CalibrationRun: Sendable {
    /// What was written and what it promises.
    public struct Summary: Sendable, Encodable {
        /// The model's name in the configuration.
        public var model: String
        /// The calibration file.
        public var file: String
        /// What is promised, with what confidence, over what.
        public var falsePositiveRate: Double
        public var confidence: Double
        public var ratePer: String
        /// Clean rows of each part.
        public var fitted: Int
        public var ranked: Int
        public var judged: Int
        /// Which of the judged scores is the threshold, the largest being 1.
        public var rank: Int
        public var threshold: Double
        public var chainDigest: String
        public var keyID: String
        /// The rate at which a clean request of 32 rows is rejected, where rows are judged one by one.
        public var rejectedOf32Rows: Double?
        /// The largest request that the calibration resolves under rate-per: request.
        public var largestRequest: Int?

        enum CodingKeys: String, CodingKey {
            case model, file, confidence, fitted, ranked, judged, rank, threshold
            case falsePositiveRate = "false_positive_rate"
            case ratePer = "rate_per"
            case chainDigest = "chain_digest"
            case keyID = "key_id"
            case rejectedOf32Rows = "rejected_of_32_rows"
            case largestRequest = "largest_request"
        }
    }

    let configuration: Configuration
    let model: String
    let logger: Logger

    public init(_ configuration: Configuration, model: String, logger: Logger) {
        self.configuration = configuration
        self.model = model
        self.logger = logger
    }

    /// Calibrates and writes.
    ///
    /// - Parameters:
    ///   - cleanPath: an `.npz` file or a folder of pictures; none of them may be used to judge the chain later.
    ///   - key: where draws come from; nil: the configuration's key.
    ///   - progress: called between batches, never at once from two threads.
    public func run(
        cleanPath: String,
        key: RandomnessKey?,
        progress: @escaping @Sendable (CalibrationProgress) -> Void
    ) async throws -> Summary {
        let policy = try configuration.policy(forModel: model)
        let store = try ModelStore(configuration)
        defer { store.close() }
        let form = try store.requiredForm(of: model)
        let clean = try DataSetRows(
            DataSet.load(path: cleanPath, picture: PictureFormat(form)),
            form: form,
            path: cleanPath
        )
        let calibrator = Calibrator(
            try store.specification(of: policy),
            promise: policy.promise,
            runner: store.runner,
            key: try key ?? GuardRuntime.key(of: configuration),
            log: logger.detectorLog
        )
        let outcome = try await calibrator.calibrate(
            on: clean,
            created: Date.now.formatted(.iso8601),
            progress: progress
        )
        let path = policy.calibration.resolved
        try FileManager.default.createDirectory(
            atPath: URL(filePath: path).deletingLastPathComponent().path,
            withIntermediateDirectories: true
        )
        try CalibrationStore.save(outcome.file, states: outcome.states, at: path)
        return summary(of: outcome.file, path: path)
    }

    private func summary(of file: CalibrationFile, path: String) -> Summary {
        let judge = Judge(file)
        return Summary(
            model: model,
            file: path,
            falsePositiveRate: file.promise.rate,
            confidence: file.promise.confidence,
            ratePer: file.promise.unit.rawValue,
            fitted: file.counts.fit,
            ranked: file.counts.ranks,
            judged: file.counts.pValues,
            rank: file.rank,
            threshold: file.chainScores.threshold(rank: file.rank),
            chainDigest: file.chainDigest,
            keyID: file.keyID,
            rejectedOf32Rows: file.promise.unit == .row ? 1 - pow(1 - file.promise.rate, 32) : nil,
            largestRequest: judge.largestRequest
        )
    }
}
