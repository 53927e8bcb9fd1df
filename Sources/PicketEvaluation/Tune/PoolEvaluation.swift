import PicketCrypto
import PicketDetection
import PicketTensor

/// Every candidate on every row, once.
struct PoolEvaluation {
    /// What was found.
    struct Outcome {
        var data: TuneData
        /// Clean rows that detectors learnt from; they are in no other part.
        var fitted: Int
        /// Rows that a detector failed on.
        var failed = 0
        /// By set, rows looked at.
        var looked: [Int] = []
        /// By set, places of the rows that fool the model.
        var successful: [[Int]] = []
    }

    private let candidates: TunePool
    private let method: JointMethod
    private let runner: any ModelRunner
    private let key: RandomnessKey
    private let log: DetectorLog

    init(
        _ candidates: TunePool,
        method: JointMethod,
        runner: any ModelRunner,
        key: RandomnessKey,
        log: @escaping DetectorLog
    ) {
        self.candidates = candidates
        self.method = method
        self.runner = runner
        self.key = key
        self.log = log
    }

    func evaluate(
        clean: DataSetRows,
        attacked: [DataSetRows],
        model: String,
        rate: Double,
        rowLimit: Int,
        progress: @escaping @Sendable (TuneProgress) -> Void
    ) async throws -> Outcome {
        guard let facts = runner.facts(of: model) else { preconditionFailure("a guarded model is one of the runner's") }
        let samples = attacked.map { set in
            let size = min(set.count, rowLimit)
            return (0..<size).map { $0 * set.count / size }
        }
        let total = clean.count + samples.reduce(0) { $0 + $1.count } + clean.count
        // An ordinary calibration lets the detectors learn, from the rows that it keeps for that.
        let calibrator = Calibrator(
            candidates.everything,
            promise: try Promise(rate: rate, confidence: 0),
            method: method,
            runner: runner,
            key: key,
            log: log
        )
        let calibrated = try await calibrator.calibrate(on: clean, created: "") { step in
            progress(TuneProgress(step: .evaluating, done: min(step.done, clean.count), total: total))
        }
        let split = CalibrationSplit(
            rowCount: clean.count,
            groups: clean.groups,
            shares: .standard,
            learns: !calibrated.states.isEmpty,
            seed: calibrator.splitSeed
        )
        var done = clean.count
        func found(_ set: DataSetRows, at indices: [Int]) async throws -> [RowEvaluation] {
            var rows: [RowEvaluation] = []
            for range in SetJudge.batches(of: indices.count) {
                let batch = try set.rows(at: Array(indices[range]))
                rows += try await calibrated.chain.evaluate(batch, servedOutputs: [], key: key).rows
                done += range.count
                progress(TuneProgress(step: .evaluating, done: min(done, total), total: total))
            }
            return rows
        }
        let kept = (split.ranks + split.pValues).sorted()
        var outcome = Outcome(data: TuneData(clean: [], groups: nil, sets: []), fitted: split.fit.count)
        var keptGroups: [Int64] = []
        for (index, row) in zip(kept, try await found(clean, at: kept)) {
            guard let components = row.components else {
                outcome.failed += 1
                continue
            }
            outcome.data.clean.append(components)
            if let groups = clean.groups { keptGroups.append(groups[index]) }
        }
        outcome.data.groups = clean.groups == nil ? nil : keptGroups
        for (set, indices) in zip(attacked, samples) {
            let rows = try await found(set, at: indices)
            let served = ServedLabels(calibrated.chain, facts, runner: runner, key: key)
            let behind = try await served.labelsBehind(set)
            let truth = set.dataSet.y ?? []
            let successful = successfulRows(
                labels: rows.map { $0.prediction?.label },
                truth: indices.map { truth[$0] },
                before: behind.map { labels in indices.map { labels[$0] } }
            )
            var fooling: [[[Double]]] = []
            for (row, isSuccessful) in zip(rows, successful) where isSuccessful {
                // Where a detector fails the row does not pass, whatever is chosen.
                if let components = row.components { fooling.append(components) } else { outcome.failed += 1 }
            }
            outcome.data.sets.append(TuneData.AttackSet(file: set.path, rows: fooling))
            outcome.looked.append(indices.count)
            outcome.successful.append(zip(indices, successful).filter(\.1).map(\.0))
        }
        return outcome
    }
}

extension RowEvaluation {
    /// By detector, the components; nil where one failed.
    fileprivate var components: [[Double]]? {
        var found: [[Double]] = []
        for outcome in outcomes {
            guard case .components(let values) = outcome else { return nil }
            found.append(values)
        }
        return found
    }
}
