import Foundation
public import Logging
public import PicketConfiguration
public import PicketCrypto
public import PicketDetection
import PicketRuntime

/// `picket calibrate`: fits a chain of the configuration on clean data, and writes what the configuration names.
public struct CalibrationRun: Sendable {
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
            method: policy.joint,
            weights: policy.detectors.map(\.weight),
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
        return Summary(outcome.file, path: path)
    }
}
