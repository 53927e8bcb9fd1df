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
