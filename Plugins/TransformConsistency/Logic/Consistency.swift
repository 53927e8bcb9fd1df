import PicketTransforms

/// How a row's prediction held under its transforms.
struct Consistency {
    /// The components, in the order of their declaration; higher = more suspicious.
    ///
    /// The row's label is its own most probable class; a margin is that label's log-odds against its best rival.
    enum Component: String, CaseIterable {
        /// Share of the transforms under which another class is the most probable.
        case disagreement
        /// Mean of the Jensen–Shannon divergences between the row's distribution and each transformed one, in nats.
        case divergenceMean = "divergence-mean"
        /// The largest of them.
        case divergenceMax = "divergence-max"
        /// Mean of the negated margins under the transforms.
        case marginMean = "margin-mean"
        /// The largest negated margin: the transform under which the label did worst.
        case marginMax = "margin-max"
        /// Mean of what the margin lost: the row's own less the transformed one's.
        case marginDrop = "margin-drop"
    }

    private var values: [Component: Double] = [:]

    /// - Precondition: there is one transformed distribution at least, all over the row's classes.
    init(row: ClassDistribution, transformed: [ClassDistribution]) {
        precondition(!transformed.isEmpty, "consistency needs a transform")
        let label = row.label
        let count = Double(transformed.count)
        let divergences = transformed.map { ClassDistribution.jensenShannon([row, $0]) }
        let negatedMargins = transformed.map { -$0.margin(of: label) }
        let marginMean = negatedMargins.reduce(0, +) / count
        values[.disagreement] = Double(transformed.count { $0.label != label }) / count
        values[.divergenceMean] = divergences.reduce(0, +) / count
        values[.divergenceMax] = divergences.reduce(0, max)
        values[.marginMean] = marginMean
        values[.marginMax] = negatedMargins.reduce(-.infinity, max)
        values[.marginDrop] = row.margin(of: label) + marginMean
    }

    subscript(component: Component) -> Double { values[component, default: .nan] }
}
