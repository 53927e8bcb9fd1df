public import Logging
public import PicketConfiguration
public import PicketCrypto
import PicketDetection
import PicketRuntime
import PicketTensor

/// `picket evaluate`: the calibrated chain on clean and on attacked rows, in this process.
public struct EvaluationRun: Sendable {
    /// Rows of one request to the chain.
    private static let batch = 64

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
    /// - Parameters:
    ///   - key: where draws come from; nil: the configuration's key.
    ///   - progress: called with rows done and rows in all.
    public func run(
        cleanPath: String,
        adversarialPaths: [String],
        key: RandomnessKey?,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws -> EvaluationReport {
        var policy = try configuration.policy(forModel: model)
        // A chain is measured by its verdicts, whatever the daemon does with them: no calibration is a fault here.
        policy.mode = .enforce
        let store = try ModelStore(configuration)
        defer { store.close() }
        let form = try store.requiredForm(of: model)
        let target = try GuardedModel(policy, in: configuration, models: store, logger: logger)
        let paths = [cleanPath] + adversarialPaths
        let sets = try paths.map { path in
            try DataSetRows(DataSet.load(path: path, picture: PictureFormat(form)), form: form, path: path)
        }
        for attacked in sets.dropFirst() where attacked.dataSet.y == nil {
            throw DataSetFault(
                "\(attacked.path): no array y, expected the true classes: which attacks succeed hangs on them"
            )
        }
        let classes = target.model.facts.classCount ?? Int.max
        for set in sets {
            if let index = set.dataSet.y?.firstIndex(where: { $0 < 0 || $0 >= classes }), let y = set.dataSet.y {
                throw DataSetFault("\(set.path): y[\(index)] is \(y[index]), expected a class from 0 to \(classes - 1)")
            }
        }
        let key = try key ?? GuardRuntime.key(of: configuration)
        let total = sets.reduce(0) { $0 + $1.count }
        var done = 0
        var measured: [(file: String, rows: [EvaluatedRow], successful: [Bool])] = []
        for set in sets {
            let rows = try await judge(set, by: target, key: key) { progress(done + $0, total) }
            done += set.count
            measured.append((set.path, rows, try await successful(set, rows, target: target, runner: store.runner)))
        }
        let clean = measured.removeFirst().rows
        return EvaluationReport(
            model: model,
            falsePositiveRate: policy.falsePositiveRate,
            confidence: policy.confidence,
            clean: EvaluationReport.Clean(rows: clean, labels: sets[0].dataSet.y),
            sets: measured.map {
                EvaluationReport.AttackSet(file: $0.file, rows: $0.rows, successful: $0.successful, clean: clean)
            },
            detectors: target.chain.detectors.enumerated().map { index, detector in
                EvaluationReport.Detector(name: detector.name, index: index, clean: clean, sets: measured)
            },
            passesPerRequest: target.chain.passesPerRequest
        )
    }

    private func judge(
        _ set: DataSetRows,
        by target: GuardedModel,
        key: RandomnessKey,
        progress: (Int) -> Void
    ) async throws -> [EvaluatedRow] {
        guard let judge = target.verdicts?.judge else { preconditionFailure("a chain in enforce has a calibration") }
        var found: [EvaluatedRow] = []
        for start in stride(from: 0, to: set.count, by: EvaluationRun.batch) {
            let rows = try set.rows(start..<min(start + EvaluationRun.batch, set.count))
            let evaluation = try await target.chain.evaluate(rows, servedOutputs: [], key: key)
            // Every sample stands for a request of its own.
            let judgements = try judge.judge(evaluation.rows, rowsInRequest: 1)
            found += zip(evaluation.rows, judgements).map { row, judgement in
                EvaluatedRow(row, judgement, detectorCount: target.chain.detectors.count)
            }
            progress(found.count)
        }
        return found
    }

    /// Which rows fool the model; all false for a set without labels.
    private func successful(
        _ set: DataSetRows,
        _ rows: [EvaluatedRow],
        target: GuardedModel,
        runner: any ModelRunner
    ) async throws -> [Bool] {
        guard let truth = set.dataSet.y else { return rows.map { _ in false } }
        var before: [Int?]?
        if set.dataSet.x0 != nil {
            var labels: [Int?] = []
            for start in stride(from: 0, to: set.count, by: EvaluationRun.batch) {
                guard let clean = try set.cleanRows(start..<min(start + EvaluationRun.batch, set.count)) else { break }
                labels += try await predictions(clean, facts: target.model.facts, runner: runner)
            }
            before = labels
        }
        return successfulRows(labels: rows.map(\.label), truth: truth, before: before)
    }

    private func predictions(_ rows: Tensor, facts: ModelFacts, runner: any ModelRunner) async throws -> [Int?] {
        let pass = Pass(model: facts.name, rowCount: rows.rowCount, tensors: [facts.primaryOutput])
        let output = try await runner.run(pass) { row, destination in
            rows.row(row).withUnsafeElements(of: Float.self) { source in
                _ = destination.update(fromContentsOf: source)
            }
        }
        return (0..<rows.rowCount).map { row in
            let scores = output.tensors[0].row(row).elements(of: Float.self)
            return scores.indices.max { scores[$0] < scores[$1] }
        }
    }
}

extension EvaluatedRow {
    init(_ row: RowEvaluation, _ judgement: Judgement, detectorCount: Int) {
        let failed = judgement.verdict == .error
        self.init(
            score: judgement.score ?? .infinity,
            isFlagged: judgement.verdict == .flag,
            isFailed: failed,
            label: row.prediction?.label,
            detectors: failed
                ? Array(repeating: DetectorScore(score: .infinity, isFlagged: false), count: detectorCount)
                : judgement.detectors.map { DetectorScore(score: $0.score, isFlagged: $0.isFlagged) }
        )
    }
}
