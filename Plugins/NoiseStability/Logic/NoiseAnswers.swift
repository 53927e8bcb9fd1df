import PicketTransforms

/// What a model says to a row and its noisy copies: of each copy no more is kept than its label and the margin of the row's.
struct NoiseAnswers {
    private let label: Int
    private let margin: Double
    private var margins: [Double] = []
    private var votes: Votes

    init(row: ClassDistribution) {
        label = row.label
        margin = row.margin(of: label)
        votes = Votes(classes: row.logarithms.count)
    }

    /// - Precondition: the copy's classes are the row's.
    mutating func add(_ copy: ClassDistribution) {
        margins.append(copy.margin(of: label))
        votes.add(copy.label)
    }

    /// - Precondition: there is a copy at least.
    subscript(statistic: NoiseStatistic) -> Double {
        precondition(!margins.isEmpty, "stability needs a copy")
        let count = Double(margins.count)
        let mean = margins.reduce(0, +) / count
        switch statistic {
        case .votes: return 1 - Double(votes.counts[votes.top]) / count
        case .label: return 1 - Double(votes.counts[label]) / count
        case .abstention: return votes.abstention
        case .margin: return -mean
        case .worst: return -(margins.min() ?? mean)
        case .drop: return margin - mean
        case .spread: return (margins.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        }
    }
}
