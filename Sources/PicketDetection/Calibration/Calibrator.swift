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
    /// Fewer rows than this give no ranks worth the name.
    static let fewestRanks = 20
    static let batchRowCount = 64

    public var specification: ChainSpecification
    public var promise: Promise
    public var shares: SplitShares
    /// Equal seeds cut the clean rows equally.
    public var splitSeed: UInt64
    public var runner: any ModelRunner
    public var key: RandomnessKey
    public var log: DetectorLog

    public init(
        _ specification: ChainSpecification,
        promise: Promise,
        runner: any ModelRunner,
        key: RandomnessKey,
        shares: SplitShares = .standard,
        splitSeed: UInt64 = 0,
        log: @escaping DetectorLog
    ) {
        self.specification = specification
        self.promise = promise
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
        let states = try await fit(learners, chain: bare, clean: clean, rows: split.fit, progress: progress)
        let chain = states.isEmpty ? bare : try Chain(specification, states: states, runner: runner, log: log)
        guard chain.digest == bare.digest else {
            throw CalibrationFault.fit("a detector declares other components with its learnt state than without")
        }
        let total = split.ranks.count + split.pValues.count
        let ranks = try await components(of: split.ranks, clean, chain: chain) { done in
            progress(CalibrationProgress(step: .evaluating, done: done, total: total))
        }
        let pValues = try await components(of: split.pValues, clean, chain: chain) { done in
            progress(CalibrationProgress(step: .evaluating, done: split.ranks.count + done, total: total))
        }
        let core = CalibrationCore(
            detectors: chain.detectors.map { ($0.name, $0.components) },
            ranks: ranks,
            pValues: pValues
        )
        let golden = try await golden(split: split, core: core, clean: clean, chain: chain)
        let file = file(chain: chain, states: states, split: split, core: core, golden: golden, created: created)
        return CalibrationOutcome(file: file, states: states, chain: chain)
    }

    /// Cuts the rows, where there are enough.
    private func cut(_ clean: some CleanRows, learns: Bool) throws(CalibrationFault) -> CalibrationSplit {
        let split = CalibrationSplit(
            rowCount: clean.count,
            groups: clean.groups,
            shares: shares,
            learns: learns,
            seed: splitSeed
        )
        let needed = promise.neededSampleCount()
        let isFitted = !learns || !split.fit.isEmpty
        guard split.pValues.count >= needed, split.ranks.count >= Calibrator.fewestRanks, isFitted else {
            throw .tooFewSamples(
                CalibrationFault.TooFewSamples(
                    given: clean.count,
                    needed: shares.neededCount(pValues: needed, ranks: Calibrator.fewestRanks, learns: learns),
                    pValues: split.pValues.count,
                    neededPValues: needed,
                    rate: promise.rate,
                    confidence: promise.confidence
                )
            )
        }
        return split
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

    /// By row, by detector, the components.
    private func components(
        of indices: [Int],
        _ clean: some CleanRows,
        chain: Chain,
        progress: (_ done: Int) -> Void
    ) async throws -> [[[Double]]] {
        var found: [[[Double]]] = []
        for start in stride(from: 0, to: indices.count, by: Calibrator.batchRowCount) {
            progress(start)
            let batch = Array(indices[start..<min(start + Calibrator.batchRowCount, indices.count)])
            let evaluation = try await chain.evaluate(try clean.rows(at: batch), servedOutputs: [], key: key)
            for (row, evaluated) in zip(batch, evaluation.rows) {
                found.append(try components(of: evaluated, row: row, chain: chain))
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
            score: core.joint.score(ofDetectorScores: core.joint.detectorScores(of: components))
        )
    }

    private func file(
        chain: Chain,
        states: [String: [UInt8]],
        split: CalibrationSplit,
        core: CalibrationCore,
        golden: GoldenRow,
        created: String
    ) -> CalibrationFile {
        guard let rank = promise.rank(sampleCount: split.pValues.count) else {
            preconditionFailure("the cut was refused where the scores carry no promise")
        }
        return CalibrationFile(
            model: chain.subject.model,
            created: created,
            promise: promise,
            rank: rank,
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
            chainScores: core.chainScores,
            detectorScores: core.detectorScores,
            joint: core.joint
        )
    }
}
