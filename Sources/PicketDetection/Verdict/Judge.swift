/// Turns components into verdicts, by a calibration. Immutable: any thread.
public struct Judge: Sendable {
    public let promise: Promise
    private let joint: TwoLevelJoint
    private let chainScores: CleanScores
    private let detectorScores: [CleanScores]

    public init(_ calibration: CalibrationFile) {
        promise = calibration.promise
        joint = calibration.joint
        chainScores = calibration.chainScores
        detectorScores = calibration.detectorScores
    }

    /// The most rows that a request may have; nil where there is no such bound.
    public var largestRequest: Int? { promise.largestRequest(sampleCount: chainScores.count) }

    /// Which clean score is the threshold for requests of that many rows.
    ///
    /// - Throws: ``CalibrationFault/requestTooLarge(rows:largest:)``.
    public func rank(rowsInRequest rows: Int) throws(CalibrationFault) -> Int {
        guard let rank = promise.rank(sampleCount: chainScores.count, rowsInRequest: rows) else {
            throw .requestTooLarge(rows: rows, largest: largestRequest ?? 0)
        }
        return rank
    }

    /// The verdict on each row of a request.
    ///
    /// - Parameters:
    ///   - rows: By row, the outcome of each detector.
    ///   - rowsInRequest: Rows of the whole request, where these are only some of them.
    /// - Throws: ``CalibrationFault/requestTooLarge(rows:largest:)``.
    public func judge(
        _ rows: [RowEvaluation],
        rowsInRequest: Int? = nil
    ) throws(CalibrationFault) -> [Judgement] {
        let rank = try rank(rowsInRequest: rowsInRequest ?? rows.count)
        return rows.map { judge($0.outcomes, rank: rank) }
    }

    private func judge(_ outcomes: [DetectorOutcome], rank: Int) -> Judgement {
        precondition(outcomes.count == joint.families.count, "a judge sees the detectors that it was calibrated for")
        var components: [[Double]] = []
        var failures: [DetectorFailure] = []
        for (family, outcome) in zip(joint.families, outcomes) {
            switch outcome {
            case .components(let values): components.append(values)
            case .failed(let reason): failures.append(DetectorFailure(detector: family.detector, reason: reason))
            }
        }
        let threshold = chainScores.threshold(rank: rank)
        guard failures.isEmpty else {
            return Judgement(
                verdict: .error,
                score: nil,
                threshold: threshold,
                pValue: nil,
                detectors: [],
                failures: failures
            )
        }
        let scores = joint.detectorScores(of: components)
        let score = joint.score(ofDetectorScores: scores)
        let detectors = scores.indices.map { index in
            DetectorJudgement(
                name: joint.families[index].detector,
                score: scores[index],
                pValue: detectorScores[index].pValue(of: scores[index]),
                threshold: detectorScores[index].threshold(rank: rank),
                components: Array(zip(joint.families[index].components, components[index]))
            )
        }
        return Judgement(
            // Greater, not equal: the promise holds on ties too.
            verdict: score > threshold ? .flag : .pass,
            score: score,
            threshold: threshold,
            pValue: chainScores.pValue(of: score),
            detectors: detectors,
            failures: []
        )
    }
}
