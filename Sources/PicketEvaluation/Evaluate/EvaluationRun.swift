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
        var policy = try configuration.policy(forModel: model)
        // A chain is measured by its verdicts, whatever the daemon does with them: no calibration is a fault here.
        policy.mode = .enforce
        let store = try ModelStore(configuration)
        defer { store.close() }
        let form = try store.requiredForm(of: model)
        let target = try GuardedModel(policy, in: configuration, models: store, logger: logger)
        let calibration = try CalibrationStore.load(policy.calibration.resolved)
        let states = try CalibrationStore.states(of: calibration, beside: policy.calibration.resolved)
        let sets = try ([request.cleanPath] + request.adversarialPaths).map { path in
            try DataSetRows(DataSet.load(path: path, picture: PictureFormat(form)), form: form, path: path)
        }
        try EvaluationRun.check(sets, classCount: target.model.facts.classCount)
        let overlap = try CalibrationOverlap(sets, calibration: calibration)
        // Components of such rows may be studied; figures are not made of them.
        if let fault = overlap.fault, request.componentsPath == nil { throw fault }
        let keys = try (request.key ?? GuardRuntime.key(of: configuration)).derived(count: request.keyCount)
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
        if let folder = request.componentsPath { try ComponentExport(evaluation).write(to: folder) }
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
        let classes = classCount ?? Int.max
        for set in sets {
            if let index = set.dataSet.y?.firstIndex(where: { $0 < 0 || $0 >= classes }), let y = set.dataSet.y {
                throw DataSetFault("\(set.path): y[\(index)] is \(y[index]), expected a class from 0 to \(classes - 1)")
            }
        }
    }
}
