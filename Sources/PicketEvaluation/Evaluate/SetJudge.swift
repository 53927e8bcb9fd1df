import PicketCrypto
import PicketDetection
import PicketRuntime
import PicketTensor

/// Puts the rows of data sets through a calibrated chain.
struct SetJudge: Sendable {
    /// Rows of one request to the chain.
    static let batch = 64

    private let target: GuardedModel
    private let runner: any ModelRunner

    init(_ target: GuardedModel, runner: any ModelRunner) {
        self.target = target
        self.runner = runner
    }

    /// Judges every row of a set, and tells which of them fool the model.
    func measure(_ set: DataSetRows, key: RandomnessKey, progress: (Int) -> Void) async throws -> MeasuredSet {
        var rows: [EvaluatedRow] = []
        for range in SetJudge.batches(of: set.count) {
            rows += try await judge(set.rows(range), key: key)
            progress(rows.count)
        }
        var before: [Int?]?
        var pictures: [String]?
        if set.dataSet.x0 != nil, set.dataSet.y != nil {
            before = try await ServedLabels(target.chain, target.model.facts, runner: runner, key: key).labelsBehind(
                set
            )
            pictures = try SetJudge.batches(of: set.count).flatMap { range in
                guard let clean = try set.cleanRows(range) else { return [String]() }
                return (0..<clean.rowCount).map { row in
                    clean.row(row).withUnsafeBytes { SHA256Digest(of: $0).hex }
                }
            }
        }
        return MeasuredSet(file: set.path, rows: rows, truth: set.dataSet.y, before: before, pictures: pictures)
    }

    /// Judges canonical rows, each as a request of its own.
    func judge(_ rows: Tensor, key: RandomnessKey) async throws -> [EvaluatedRow] {
        guard let judge = target.verdicts?.judge else { preconditionFailure("a chain in enforce has a calibration") }
        let evaluation = try await target.chain.evaluate(rows, servedOutputs: [], key: key)
        let judgements = try judge.judge(evaluation.rows, rowsInRequest: 1)
        return zip(evaluation.rows, judgements).map { row, judgement in
            EvaluatedRow(row, judgement, detectorCount: target.chain.detectors.count)
        }
    }

    static func batches(of count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: batch).map { $0..<min($0 + batch, count) }
    }
}

extension EvaluatedRow {
    init(_ row: RowEvaluation, _ judgement: Judgement, detectorCount: Int) {
        let failed = judgement.verdict == .error
        let none = DetectorScore(score: .infinity, isFlagged: false, pValue: 1)
        self.init(
            score: judgement.score ?? .infinity,
            pValue: judgement.pValue ?? 0,
            isFlagged: judgement.verdict == .flag,
            isFailed: failed,
            label: row.prediction?.label,
            confidence: row.prediction?.confidence,
            detectors: failed
                ? Array(repeating: none, count: detectorCount)
                : judgement.detectors.map {
                    DetectorScore(score: $0.score, isFlagged: $0.isFlagged, pValue: $0.pValue)
                },
            components: row.outcomes.map { outcome in
                switch outcome {
                case .components(let values): values
                case .failed: []
                }
            }
        )
    }
}
