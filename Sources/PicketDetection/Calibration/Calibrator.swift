public import PicketCrypto
internal import PicketTensor

/// Where a calibration stands.
public struct CalibrationProgress: Sendable, Hashable {
    public enum Step: String, Sendable, Hashable {
        /// Detectors learn.
        case fitting
        /// The chain evaluates the rows for ranks and p-values.
        case evaluating
    }

    public var step: Step
    /// Rows done and rows in all, in this step.
    public var done: Int
    public var total: Int

    public init(step: Step, done: Int, total: Int) {
        self.step = step
        self.done = done
        self.total = total
    }
}

/// A calibration and what belongs to it.
public struct CalibrationOutcome: Sendable {
    public var file: CalibrationFile
    /// By detector, what it learnt.
    public var states: [String: [UInt8]]
    /// The calibrated chain, ready to evaluate.
    public var chain: Chain
}

/// Fits a chain on clean rows.
public struct Calibrator: Sendable {
    static let batchRowCount = 64

    public var specification: ChainSpecification
    public var promise: Promise
    public var method: JointMethod
    /// By detector of the chain, what its evidence counts beside the others'; nil: all the same.
    public var weights: [Double]?
    public var shares: SplitShares
    /// Equal seeds cut the clean rows equally.
    public var splitSeed: UInt64
    public var runner: any ModelRunner
    public var key: RandomnessKey
    public var log: DetectorLog

    public init(
        _ specification: ChainSpecification,
        promise: Promise,
        method: JointMethod = .twoLevel,
        weights: [Double]? = nil,
        runner: any ModelRunner,
        key: RandomnessKey,
        shares: SplitShares = .standard,
        splitSeed: UInt64 = 0,
        log: @escaping DetectorLog
    ) {
        self.specification = specification
        self.promise = promise
        self.method = method
        self.weights = weights
        self.shares = shares
        self.splitSeed = splitSeed
        self.runner = runner
        self.key = key
        self.log = log
    }

    /// Fits, ranks, and counts.
    ///
    /// - Parameters:
    ///   - clean: The rows; none of them may be used to judge the chain later.
    ///   - created: The time, RFC 3339, UTC.
    ///   - progress: Called between batches, never at once from two threads.
    /// - Throws: ``CalibrationFault``, ``ChainFault``, or what the runner or the rows throw.
    public func calibrate(
        on clean: some CleanRows,
        created: String,
        progress: @escaping @Sendable (CalibrationProgress) -> Void
    ) async throws -> CalibrationOutcome {
        let bare = try Chain(specification, runner: runner, log: log)
        let learners = bare.detectors.filter(\.learns).map(\.name)
        let split = try cut(clean, learns: !learners.isEmpty)
        let usedRows = UsedRows(
            salt: UsedRows.salt(key: key, chainDigest: bare.digest.hex),
            digests: try await digests(of: split, clean, chain: bare)
        )
        let states = try await fit(learners, chain: bare, clean: clean, rows: split.fit, progress: progress)
        let chain = states.isEmpty ? bare : try Chain(specification, states: states, runner: runner, log: log)
        guard chain.digest == bare.digest else {
            throw CalibrationFault.fit("a detector declares other components with its learnt state than without")
        }
        let total = split.ranks.count + split.pValues.count
        let ranks = try await found(on: split.ranks, clean, chain: chain) { done in
            progress(CalibrationProgress(step: .evaluating, done: done, total: total))
        }
        let pValues = try await found(on: split.pValues, clean, chain: chain) { done in
            progress(CalibrationProgress(step: .evaluating, done: split.ranks.count + done, total: total))
        }
        let core = CalibrationCore(
            method: method,
            detectors: chain.detectors.map { ($0.name, $0.components) },
            weights: weights,
            ranks: ranks.map(\.components),
            pValues: pValues.map(\.components)
        )
        let strata = try strata(of: core, labels: pValues.map(\.label), given: clean.count)
        let golden = try await golden(split: split, core: core, clean: clean, chain: chain)
        let file = CalibrationFile(
            model: chain.subject.model,
            created: created,
            promise: promise,
            counts: CalibrationFile.Counts(
                fit: split.fit.count,
                ranks: split.ranks.count,
                pValues: split.pValues.count
            ),
            splitSeed: splitSeed,
            keyID: key.id,
            chainDigest: chain.digest.hex,
            chainParts: chain.digest.parts,
            models: chain.models.map { CalibrationFile.Artifact(name: $0.name, sha256: $0.digest) },
            states: chain.detectors.compactMap { detector in
                states[detector.name].map {
                    CalibrationFile.Artifact(name: detector.name, sha256: SHA256Digest(of: $0).hex)
                }
            },
            origins: chain.detectors.map {
                CalibrationFile.Origin(detector: $0.name, plugin: $0.plugin, version: $0.version)
            },
            golden: golden,
            usedRows: usedRows,
            strata: strata,
            joint: core.joint
        )
        return CalibrationOutcome(file: file, states: states, chain: chain)
    }

    private func fit(
        _ learners: [String],
        chain: Chain,
        clean: some CleanRows,
        rows: [Int],
        progress: @escaping @Sendable (CalibrationProgress) -> Void
    ) async throws -> [String: [UInt8]] {
        var states: [String: [UInt8]] = [:]
        for (index, name) in learners.enumerated() {
            progress(CalibrationProgress(step: .fitting, done: index * rows.count, total: learners.count * rows.count))
            states[name] = try await Fitting(
                detector: name,
                specification: specification,
                chain: chain,
                clean: clean,
                rows: rows,
                key: key,
                log: log
            ).state()
        }
        return states
    }

    /// What the chain finds on clean rows.
    private func found(
        on indices: [Int],
        _ clean: some CleanRows,
        chain: Chain,
        progress: (_ done: Int) -> Void
    ) async throws -> [CleanRow] {
        var found: [CleanRow] = []
        for start in stride(from: 0, to: indices.count, by: Calibrator.batchRowCount) {
            progress(start)
            let batch = Array(indices[start..<min(start + Calibrator.batchRowCount, indices.count)])
            let evaluation = try await chain.evaluate(try clean.rows(at: batch), servedOutputs: [], key: key)
            for (row, evaluated) in zip(batch, evaluation.rows) {
                let components = try components(of: evaluated, row: row, chain: chain)
                    .map { $0.map(\.componentPrecision) }
                found.append(CleanRow(components: components, label: evaluated.prediction?.label))
            }
        }
        progress(indices.count)
        return found
    }

    private func components(
        of row: RowEvaluation,
        row index: Int,
        chain: Chain
    ) throws(CalibrationFault) -> [[Double]] {
        var components: [[Double]] = []
        for (detector, outcome) in zip(chain.detectors, row.outcomes) {
            switch outcome {
            case .components(let values): components.append(values)
            case .failed(let reason): throw .detectorFailed(detector: detector.name, row: index, reason: reason)
            }
        }
        return components
    }

    /// SHA-256 of every row that is used.
    private func digests(
        of split: CalibrationSplit,
        _ clean: some CleanRows,
        chain: Chain
    ) async throws -> [SHA256Digest] {
        let indices = split.fit + split.ranks + split.pValues
        var digests: [SHA256Digest] = []
        for start in stride(from: 0, to: indices.count, by: Calibrator.batchRowCount) {
            let batch = Array(indices[start..<min(start + Calibrator.batchRowCount, indices.count)])
            digests += try await chain.digests(of: try clean.rows(at: batch))
        }
        return digests
    }

    /// The row of the middle score, evaluated with draws that everybody can repeat.
    private func golden(
        split: CalibrationSplit,
        core: CalibrationCore,
        clean: some CleanRows,
        chain: Chain
    ) async throws -> GoldenRow {
        let index = split.pValues[core.medianRow]
        let row = try clean.rows(at: [index])
        let evaluation = try await chain.evaluate(row, servedOutputs: [], key: GoldenRow.drawKey)
        let components = try components(of: evaluation.rows[0], row: index, chain: chain)
        return GoldenRow(
            shape: chain.subject.rowShape.dimensions,
            elements: row.elements(of: Float.self),
            components: components,
            score: core.score(of: components.map { $0.map(\.componentPrecision) })
        )
    }
}

/// What a calibration keeps of a clean row.
private struct CleanRow: Sendable {
    /// By detector, in the precision of a calibration.
    var components: [[Double]]
    var label: Int?
}
