/// Why there is no calibration, or one can't be used.
public enum CalibrationFault: Error, Hashable, CustomStringConvertible {
    /// A rate or confidence that nobody can promise.
    case promise(String)
    /// Too few clean rows for what is asked.
    case tooFewSamples(TooFewSamples)
    /// A clean row made a detector fail.
    case detectorFailed(detector: String, row: Int, reason: String)
    /// A detector's learnt state changed what it plans, or could not be had.
    case fit(String)
    /// The calibration file, or a state beside it, can't be read or written.
    case file(path: String, reason: String)
    /// The calibration's content is not what it should be.
    case content(field: String, reason: String)
    /// More rows in a request than the calibration resolves.
    case requestTooLarge(rows: Int, largest: Int)

    /// How many clean rows there are, and how many the promise needs.
    public struct TooFewSamples: Hashable, Sendable {
        /// All clean rows given.
        public var given: Int
        /// All clean rows needed, with the shares of the split.
        public var needed: Int
        /// Rows for p-values among those given.
        public var pValues: Int
        /// Rows for p-values needed.
        public var neededPValues: Int
        public var rate: Double
        public var confidence: Double
    }

    public var description: String {
        switch self {
        case .promise(let reason): reason
        case .tooFewSamples(let few):
            "\(few.given) clean rows leave \(few.pValues) for p-values: a false-positive rate of \(few.rate) with "
                + "confidence \(few.confidence) needs \(few.needed) clean rows (\(few.neededPValues) for p-values)"
        case .detectorFailed(let detector, let row, let reason):
            "detector \(detector.quoted) failed on clean row \(row): \(reason)"
        case .fit(let reason): reason
        case .file(let path, let reason): "\(path): \(reason)"
        case .content(let field, let reason): "calibration field \(field): \(reason)"
        case .requestTooLarge(let rows, let largest):
            "a request of \(rows) rows: under rate-per request the calibration resolves at most \(largest)"
        }
    }
}
