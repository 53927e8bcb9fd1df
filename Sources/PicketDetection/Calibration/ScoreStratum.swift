/// Clean scores that one threshold is counted in: those of all rows, or of the rows of one predicted class.
///
/// Classes split the last step alone (Mondrian conformal prediction: Vovk, Gammerman, Shafer 2005): tables and
/// learnt states are shared, so a class costs as many rows for p-values as the promise takes, and no more.
public struct ScoreStratum: Sendable, Hashable {
    /// The class that the served model predicts for these rows; nil for rows of any.
    public var label: Int?
    /// Which clean score is the threshold, the largest being 1.
    public var rank: Int
    /// The chain's scores.
    public var chain: CleanScores
    /// By detector, its scores of the same rows.
    public var detectors: [CleanScores]

    /// The clean score beyond which a row is flagged, where it is a request by itself.
    public var threshold: Double { chain.threshold(rank: rank) }
}
