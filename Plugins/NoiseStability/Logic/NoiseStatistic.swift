import PicketTransforms

/// The components; higher = more suspicious. c is the row's most probable class.
enum NoiseStatistic: String, CaseIterable {
    /// 1 − the share of the copies that give the most frequent label.
    case votes
    /// Share of the copies whose most probable class is not c.
    case label
    /// p-value of the abstention test: two-sided binomial, the most frequent label's votes of its own and the runner-up's,
    /// against a fair coin (Cohen, Rosenfeld, Kolter, ICML 2019, PREDICT; Hung and Fithian 2019).
    case abstention
    /// Mean over the copies of the negated log-odds of c against its best rival.
    case margin
    /// The largest of them.
    case worst
    /// What the mean log-odds lost against the row's own.
    case drop
    /// Standard deviation of the log-odds over the copies: how steep the model is around the row.
    case spread
}

/// What a model says to noisy copies of a row.
struct NoiseAnswers {
    private let row: ClassDistribution
    private let label: Int
    private let margins: [Double]
    let votes: Votes

    /// - Precondition: there is a copy at least, all over the row's classes.
    init(row: ClassDistribution, copies: [ClassDistribution]) {
        precondition(!copies.isEmpty, "stability needs a copy")
        self.row = row
        let label = row.label
        self.label = label
        margins = copies.map { $0.margin(of: label) }
        votes = Votes(of: copies.map(\.label), classes: row.logarithms.count)
    }

    subscript(statistic: NoiseStatistic) -> Double {
        let count = Double(margins.count)
        let mean = margins.reduce(0, +) / count
        switch statistic {
        case .votes: return 1 - Double(votes.counts[votes.top]) / count
        case .label: return 1 - Double(votes.counts[label]) / count
        case .abstention: return votes.abstention
        case .margin: return -mean
        case .worst: return -(margins.min() ?? mean)
        case .drop: return row.margin(of: label) - mean
        case .spread: return (margins.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        }
    }
}
