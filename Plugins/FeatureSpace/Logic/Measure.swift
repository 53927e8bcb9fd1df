/// What is measured of a row in a layer's feature space; higher = more suspicious.
enum Measure: String, CaseIterable {
    /// Squared Mahalanobis distance from the mean of the served class, under a covariance tied over classes (Lee and
    /// others, NeurIPS 2018).
    case mahalanobis
    /// The least of these distances over all classes: the paper's score.
    case mahalanobisMin = "mahalanobis-min"
    /// The distance from the served class less the least distance from another class: positive where the features say
    /// that the row is of another class.
    case mahalanobisMargin = "mahalanobis-margin"
    /// Euclidean distance to the k-th nearest clean row (after Sun and others, ICML 2022).
    case knn
    /// Share of the k nearest clean rows whose label is not the served class: a layer's part of the nonconformity of
    /// Papernot and McDaniel (2018).
    case dknn

    /// What a chain gets that asks for nothing, by measurement: whether the features say another class than the answer does, and
    /// the distance early on, where later layers have not yet made one class of everything.
    static func usual(hasClasses: Bool, early: String) -> [String] {
        guard hasClasses else { return [Measure.mahalanobis.rawValue, Measure.knn.rawValue] }
        return [Measure.mahalanobisMargin.rawValue, Measure.dknn.rawValue, "\(early):\(Measure.mahalanobis.rawValue)"]
    }

    /// Whether it needs classes. Without them the first is the distance from the mean of all.
    var needsClasses: Bool {
        switch self {
        case .mahalanobis, .knn: false
        case .mahalanobisMin, .mahalanobisMargin, .dknn: true
        }
    }

    /// Whether it looks at single clean rows.
    var looksAtNeighbours: Bool { self == .knn || self == .dknn }
}
