/// Why there is no calibration, or one can't be used.
public enum CalibrationFault: Error, Hashable, CustomStringConvertible {
    /// A rate or confidence that nobody can promise.
    case promise(String)
    /// Too few clean rows for what is asked.
    case tooFewSamples(TooFewSamples)
    /// Too few clean rows of some predicted classes for what is asked of each.
    case tooFewInClasses(TooFewInClasses)
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
        /// Predicted classes that each need their share of the rows for p-values; nil where all rows share one threshold.
        public var classes: Int?
        public var promise: Promise
    }

    /// Which predicted classes lack clean rows.
    public struct TooFewInClasses: Hashable, Sendable {
        public struct Shortage: Hashable, Sendable {
            public var label: Int
            /// Rows for p-values of this class.
            public var found: Int
        }

        public var shortages: [Shortage]
        /// Rows for p-values that every class needs.
        public var needed: Int
        /// All clean rows given.
        public var given: Int
        /// All clean rows that would do at the classes' shares as found; nil where a class has none.
        public var neededInAll: Int?
        public var promise: Promise
    }

    public var description: String {
        switch self {
        case .promise(let reason): reason
        case .tooFewSamples(let few): few.description
        case .tooFewInClasses(let few): few.description
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

extension CalibrationFault.TooFewSamples: CustomStringConvertible {
    public var description: String {
        var text =
            "\(given) clean rows leave \(pValues) for p-values: a false-positive rate of \(promise.rate)"
            + "\(promise.assurance) needs \(needed) clean rows (\(neededPValues) for p-values"
        if let classes {
            text += ", \(neededPValues / max(classes, 1)) of each of \(classes) classes where they come evenly"
        }
        text += ")"
        if classes == nil, pValues > 0 {
            text += "; \(pValues) carry a rate of \(Promise.text(promise.smallestRate(sampleCount: pValues))) at least"
        }
        return text
    }
}

extension CalibrationFault.TooFewInClasses: CustomStringConvertible {
    public var description: String {
        let listed = shortages.prefix(16).map { "\($0.found) of class \($0.label)" }.joined(separator: ", ")
        let rest = shortages.count > 16 ? " and \(shortages.count - 16) classes more" : ""
        let advice =
            neededInAll.map { "about \($0) clean rows instead of \(given) would do" }
            ?? "a class without any can't be held to a rate: leave class-conditional out, or add rows of it"
        return "rows for p-values by predicted class: \(listed)\(rest); a false-positive rate of \(promise.rate)"
            + "\(promise.assurance) in every class needs \(needed) of each; \(advice)"
    }
}

extension Promise {
    /// How sure the rate is, as part of a sentence.
    fileprivate var assurance: String {
        guarantee == .marginal ? " on average" : " with confidence \(confidence)"
    }

    /// A rate rounded up to three digits: what is said must be what is carried.
    static func text(_ rate: Double) -> String {
        var unit = 1.0
        while rate < 100 * unit, unit > 1e-12 { unit /= 10 }
        return "\((rate / unit).rounded(.up) / (1 / unit).rounded())"
    }
}
