/// Turns components into verdicts, by a calibration. Immutable: any thread.
///
/// Under a class-conditional promise a row's score is held against clean rows of the class that the served model predicts
/// for it, and its p-value is of that class.
public struct Judge: Sendable {
    public let promise: Promise
    let joint: Joint
    let strata: [ScoreStratum]
    /// By predicted class, its stratum; empty where all rows share one.
    private let places: [Int: Int]
    private let ranks: RankCache

    public init(_ calibration: CalibrationFile) {
        promise = calibration.promise
        joint = calibration.joint
        strata = calibration.strata
        places = Dictionary(
            strata.enumerated().compactMap { place, stratum in stratum.label.map { ($0, place) } },
            uniquingKeysWith: { first, _ in first }
        )
        ranks = RankCache(promise, sampleCounts: strata.map(\.chain.count))
    }

    /// The most rows that a request may have; nil where there is no such bound.
    public var largestRequest: Int? {
        promise.unit == .row ? nil : strata.compactMap { promise.largestRequest(sampleCount: $0.chain.count) }.min()
    }

    /// Which clean score is the threshold for requests of that many rows; in a class-conditional calibration, in the class
    /// with the fewest clean rows.
    ///
    /// - Throws: ``CalibrationFault/requestTooLarge(rows:largest:)``.
    public func rank(rowsInRequest rows: Int) throws(CalibrationFault) -> Int {
        try thresholdRanks(rowsInRequest: rows).min() ?? 0
    }

    /// By stratum, the rank of the threshold.
    func thresholdRanks(rowsInRequest rows: Int) throws(CalibrationFault) -> [Int] {
        guard let found = ranks.ranks(rowsInRequest: rows) else {
            throw .requestTooLarge(rows: rows, largest: largestRequest ?? 0)
        }
        return found
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
        let ranks = try thresholdRanks(rowsInRequest: rowsInRequest ?? rows.count)
        return rows.map { judge($0.outcomes, prediction: $0.prediction, ranks: ranks) }
    }

    /// Where a row's scores are counted: among clean rows of its predicted class, or among all. nil for a row without a
    /// class, or of one that calibration did not know.
    private func place(of prediction: Prediction?) -> Int? {
        guard promise.isClassConditional else { return 0 }
        return prediction.flatMap { places[$0.label] }
    }

    /// The verdict on one row.
    ///
    /// - Parameter ranks: By stratum, the rank of the threshold, from ``thresholdRanks(rowsInRequest:)``.
    func judge(_ outcomes: [DetectorOutcome], prediction: Prediction?, ranks: [Int]) -> Judgement {
        precondition(outcomes.count == joint.families.count, "a judge sees the detectors that it was calibrated for")
        var components: [[Double]] = []
        var failures: [DetectorFailure] = []
        components.reserveCapacity(outcomes.count)
        for index in outcomes.indices {
            switch outcomes[index] {
            case .components(let values): components.append(values)
            case .failed(let reason):
                failures.append(DetectorFailure(detector: joint.families[index].detector, reason: reason))
            }
        }
        let place = place(of: prediction)
        if place == nil {
            let reason = prediction.map { "the calibration has no clean rows of class \($0.label)" }
            failures.append(
                DetectorFailure(detector: "class-conditional", reason: reason ?? "the row has no predicted class")
            )
        }
        let stratum = strata[place ?? 0]
        let rank = ranks[place ?? 0]
        let threshold = stratum.chain.threshold(rank: rank)
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
        let scores = joint.detectorScores(of: components.map { $0.map(\.componentPrecision) })
        let score = joint.score(ofDetectorScores: scores)
        let detectors = scores.indices.map { index in
            DetectorJudgement(
                name: joint.families[index].detector,
                score: scores[index],
                pValue: stratum.detectors[index].pValue(of: scores[index]),
                threshold: stratum.detectors[index].threshold(rank: rank),
                components: zip(joint.families[index].components, components[index]).map { (name: $0, value: $1) }
            )
        }
        return Judgement(
            // Greater, not equal: the promise holds on ties too.
            verdict: score > threshold ? .flag : .pass,
            score: score,
            threshold: threshold,
            pValue: stratum.chain.pValue(of: score),
            detectors: detectors,
            failures: []
        )
    }
}
