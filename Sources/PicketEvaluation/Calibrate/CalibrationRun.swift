import Foundation
public import Logging
public import PicketConfiguration
public import PicketCrypto
public import PicketDetection
import PicketEvents
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
        let studied = try StudiedChain(configuration, model: model, key: key)
        defer { studied.close() }
        let policy = studied.policy
        let path = policy.calibration.resolved
        _ = try OutputFolder(
            URL(filePath: path).deletingLastPathComponent().path,
            files: [URL(filePath: path).lastPathComponent]
        )
        let clean = try studied.rows(cleanPath)
        let calibrator = Calibrator(
            try studied.store.specification(of: policy),
            promise: policy.promise,
            method: policy.joint,
            weights: policy.detectors.map(\.weight),
            runner: studied.store.runner,
            key: studied.key,
            log: logger.detectorLog
        )
        let outcome = try await calibrator.calibrate(
            on: clean,
            created: Date.now.formatted(.iso8601),
            progress: progress
        )
        try CalibrationStore.save(outcome.file, states: outcome.states, at: path)
        configuration.events.report(try Event(calibrated: outcome.file, at: path), logger: logger)
        return Summary(outcome.file, path: path)
    }
}
