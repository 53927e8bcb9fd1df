public import Logging
public import PicketConfiguration
import PicketCrypto
import PicketDetection
import PicketRuntime
import PicketTensor

/// `picket tune`: which parts of a chain to keep for a budget of passes.
public struct TuneRun: Sendable {
    let configuration: Configuration
    let model: String
    let logger: Logger

    public init(_ configuration: Configuration, model: String, logger: Logger) {
        self.configuration = configuration
        self.model = model
        self.logger = logger
    }

    /// Evaluates all candidates once, and searches.
    ///
    /// - Parameter progress: never called at once from two threads.
    public func run(
        _ request: TuneRequest,
        progress: @escaping @Sendable (TuneProgress) -> Void
    ) async throws -> TuneReport {
        let studied = try StudiedChain(configuration, model: model, key: request.key)
        defer { studied.close() }
        let store = studied.store
        var policy = studied.policy
        if let rate = request.rate { policy.falsePositiveRate = rate }
        if request.pool == .builtin {
            policy.detectors = BuiltinPool(configuration, model: model, form: studied.form).detectors
        }
        let candidates = try TunePool(
            store.specification(of: policy),
            grain: request.grain,
            skipsRefused: request.pool == .builtin,
            runner: store.runner,
            log: logger.detectorLog
        )
        let clean = try studied.rows(request.cleanPath)
        let attacked = try request.adversarialPaths.map(studied.rows)
        let classCount = store.runner.facts(of: model)?.classCount
        try EvaluationRun.check([clean] + attacked, classCount: classCount)
        let evaluated = try await PoolEvaluation(
            candidates,
            method: policy.joint,
            runner: store.runner,
            key: studied.key,
            log: logger.detectorLog
        ).evaluate(
            clean: clean,
            attacked: attacked,
            model: model,
            rate: policy.falsePositiveRate,
            rowLimit: request.rowLimit,
            progress: progress
        )
        guard evaluated.data.sets.contains(where: { !$0.rows.isEmpty }) else {
            throw DataSetFault("no row of the adversarial sets fools the model, expected some to choose by")
        }
        var report = try await FrontierSearch(candidates, evaluated.data, policy).report(request, progress: progress)
        report.clean = clean.count
        report.fitted = evaluated.fitted
        report.failed = evaluated.failed
        report.sets = zip(evaluated.data.sets, evaluated.looked).map { set, rows in
            TuneReport.AttackSet(file: set.file, attack: set.attack, rows: rows, successful: set.rows.count)
        }
        let verification = ChoiceVerification(policy, runner: store.runner, key: studied.key, log: logger.detectorLog)
        do {
            report.verified = try await verification.verify(
                report.detectors,
                base: store.specification(of: policy),
                clean: clean,
                attacked: zip(attacked, evaluated.successful).map { ($0, $1) },
                progress: progress
            )
        } catch let fault as CalibrationFault where fault.isShortage {
            // A choice that these rows carry no promise for is a choice all the same.
            report.notVerified = "\(fault)"
        }
        return report
    }
}

extension CalibrationFault {
    /// Whether there are too few clean rows for what is asked, and nothing else is wrong.
    fileprivate var isShortage: Bool {
        switch self {
        case .tooFewSamples, .tooFewInClasses: true
        default: false
        }
    }
}
