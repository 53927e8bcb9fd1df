import PicketConfiguration
import PicketCrypto
import PicketDetection
import PicketRuntime
import PicketTensor

/// Builds the chosen chain as it will be deployed, calibrates it, and counts again: what was put together from parts must
/// hold as a whole.
struct ChoiceVerification {
    private let policy: PicketConfiguration.Chain
    private let runner: any ModelRunner
    private let key: RandomnessKey
    private let log: DetectorLog

    init(
        _ policy: PicketConfiguration.Chain,
        runner: any ModelRunner,
        key: RandomnessKey,
        log: @escaping DetectorLog
    ) {
        self.policy = policy
        self.runner = runner
        self.key = key
        self.log = log
    }

    /// - Parameter attacked: adversarial sets, each with the places of the rows that fool the model.
    /// - Throws: also ``CalibrationFault`` where the clean rows do not carry the promise.
    func verify(
        _ detectors: [TuneReport.Detector],
        base: ChainSpecification,
        clean: DataSetRows,
        attacked: [(set: DataSetRows, successful: [Int])],
        progress: @escaping @Sendable (TuneProgress) -> Void
    ) async throws -> TuneReport.Verified {
        var specification = base
        specification.detectors = detectors.compactMap { detector in
            base.detectors.first { $0.plugin.name == detector.plugin }.map {
                DetectorSpecification(name: detector.name, plugin: $0.plugin, configuration: detector.config.text)
            }
        }
        let calibrator = Calibrator(
            specification,
            promise: policy.promise,
            method: policy.joint,
            weights: detectors.map(\.weight),
            runner: runner,
            key: key,
            log: log
        )
        let total = clean.count + attacked.reduce(0) { $0 + $1.successful.count }
        let outcome = try await calibrator.calibrate(on: clean, created: "") { step in
            progress(TuneProgress(step: .verifying, done: min(step.done, clean.count), total: total))
        }
        let judge = Judge(outcome.file)
        var done = clean.count
        var sets: [TuneReport.Verified.AttackSet] = []
        for (set, indices) in attacked {
            var flags = 0
            var onAverage = 0
            for range in SetJudge.batches(of: indices.count) {
                let rows = try set.rows(at: Array(indices[range]))
                let evaluation = try await outcome.chain.evaluate(rows, servedOutputs: [], key: key)
                for judgement in try judge.judge(evaluation.rows, rowsInRequest: 1) {
                    if judgement.verdict == .flag { flags += 1 }
                    if let pValue = judgement.pValue, PValue.isFlagged(pValue, at: policy.falsePositiveRate) {
                        onAverage += 1
                    }
                }
                done += range.count
                progress(TuneProgress(step: .verifying, done: done, total: total))
            }
            let detections = Proportion(flags, of: indices.count)
            sets.append(
                TuneReport.Verified.AttackSet(
                    file: set.path,
                    successful: indices.count,
                    detectionRate: detections.rate,
                    detectionInterval: detections.interval,
                    marginalDetectionRate: Proportion(onAverage, of: indices.count).rate
                )
            )
        }
        let counted = sets.filter { $0.successful > 0 }
        func mean(_ figure: (TuneReport.Verified.AttackSet) -> Double?) -> Double {
            counted.reduce(0) { $0 + (figure($1) ?? 0) } / Double(max(counted.count, 1))
        }
        return TuneReport.Verified(
            passesPerRequest: outcome.chain.passesPerRequest,
            rowsPerRequest: outcome.chain.rowsPerRow,
            rank: try judge.rank(rowsInRequest: 1),
            n: outcome.file.counts.pValues,
            detection: mean(\.detectionRate),
            marginalDetection: mean(\.marginalDetectionRate),
            sets: sets
        )
    }
}
