public import Logging
public import PicketConfiguration
import PicketCrypto
import PicketDetection
import PicketRuntime

/// `picket evaluate`: the calibrated chain on clean and on attacked rows, in this process.
public struct EvaluationRun: Sendable {
    let configuration: Configuration
    let model: String
    let logger: Logger

    public init(_ configuration: Configuration, model: String, logger: Logger) {
        self.configuration = configuration
        self.model = model
        self.logger = logger
    }

    /// Measures.
    ///
    /// - Parameter progress: called with rows done and rows in all.
    public func run(
        _ request: EvaluationRequest,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws -> Evaluation {
        var studied = try StudiedChain(configuration, model: model, key: request.key)
        defer { studied.close() }
        let components = try request.componentsPath.map { path in
            try OutputFolder(path, files: [ComponentExport.indexName])
        }
        // A chain is measured by its verdicts, whatever the daemon does with them: no calibration is a fault here.
        studied.policy.mode = .enforce
        let policy = studied.policy
        let store = studied.store
        let target = try GuardedModel(policy, in: configuration, models: store, logger: logger)
        guard let calibration = target.verdicts?.calibration else {
            preconditionFailure("a chain in enforce has a calibration")
        }
        let sets = try ([request.cleanPath] + request.adversarialPaths).map(studied.rows)
        try EvaluationRun.check(sets, classCount: target.model.facts.classCount)
        let overlap = try CalibrationOverlap(sets, calibration: calibration)
        // Components of such rows may be studied; figures are not made of them.
        if let fault = overlap.fault, components == nil { throw fault }
        let keys = studied.key.derived(count: request.keyCount)
        let judge = SetJudge(target, runner: store.runner)
        let corruptions = CorruptionMeter(target: target, judge: judge, key: keys[0])
        let corrupted = request.measuresCorruptions ? corruptions.work(on: sets[0]) : 0
        let total = sets.reduce(0) { $0 + $1.count } * keys.count + corrupted
        var done = 0
        var evaluations: [Evaluation] = []
        for key in keys {
            var measured: [MeasuredSet] = []
            for set in sets {
                measured.append(try await judge.measure(set, key: key) { progress(done + $0, total) })
                done += set.count
            }
            let provenance = Provenance(
                configuration,
                calibration: calibration,
                calibrationPath: policy.calibration.resolved,
                keyID: key.id,
                dataPaths: sets.map(\.path)
            )
            evaluations.append(
                try evaluation(of: measured, target: target, calibration: calibration, provenance: provenance)
            )
            // Draws of another key are not worth keeping: their figures are.
            if evaluations.count > 1 { evaluations[evaluations.count - 1].sets = [] }
        }
        var evaluation = evaluations[0]
        if keys.count > 1 { evaluation.report.keys = EvaluationReport.KeySpread(evaluations.map(\.report)) }
        if let components { try ComponentExport(evaluation).write(to: components) }
        if let fault = overlap.fault { throw fault }
        if corrupted > 0 {
            evaluation.report.corruptions = try await corruptions.measure(sets[0]) { progress(done + $0, total) }
        }
        if request.isReported {
            evaluation.exemplars = try Exemplars(evaluation.sets, sources: sets)
            let costs = CostMeter(
                try store.specification(of: policy),
                target: target,
                runner: store.runner,
                log: logger.detectorLog
            )
            let states = try CalibrationStore.states(of: calibration, beside: policy.calibration.resolved)
            try await costs.measure(&evaluation, states: states, row: sets[0].rows(0..<1), key: keys[0])
        }
        return evaluation
    }

    private func evaluation(
        of measured: [MeasuredSet],
        target: GuardedModel,
        calibration: CalibrationFile,
        provenance: Provenance
    ) throws -> Evaluation {
        let promise = try EvaluationReport.PromiseFigures(calibration)
        let report = EvaluationReport(
            model: model,
            promise: promise,
            clean: measured[0],
            sets: Array(measured.dropFirst()),
            detectors: target.chain.detectors.map(\.name),
            passesPerRequest: target.chain.passesPerRequest,
            rowsPerRequest: target.chain.rowsPerRow
        )
        return Evaluation(
            report: report,
            sets: measured,
            detectors: target.chain.detectors,
            thresholds: Evaluation.Threshold.all(of: calibration, promise: promise),
            provenance: provenance
        )
    }

    static func check(_ sets: [DataSetRows], classCount: Int?) throws(DataSetFault) {
        for attacked in sets.dropFirst() where attacked.dataSet.y == nil {
            throw DataSetFault(
                "\(attacked.path): no array y, expected the true classes: which attacks succeed hangs on them"
            )
        }
        var known: [SHA256Digest: String] = [:]
        for attacked in sets.dropFirst() {
            // A set that counts twice would weigh twice in every mean, and hide the others.
            if let other = known.updateValue(attacked.path, forKey: attacked.digest) {
                throw DataSetFault("\(attacked.path): the same samples as \(other), expected each adversarial set once")
            }
        }
        let classes = classCount ?? Int.max
        for set in sets {
            if let index = set.dataSet.y?.firstIndex(where: { $0 < 0 || $0 >= classes }), let y = set.dataSet.y {
                throw DataSetFault("\(set.path): y[\(index)] is \(y[index]), expected a class from 0 to \(classes - 1)")
            }
        }
    }
}
