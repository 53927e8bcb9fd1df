/// The tables of one detector: its components', and that of its family's mean.
struct FamilyTables: Sendable, Hashable {
    var detector: String
    var components: [String]
    var componentTables: [RankTable]
    var family: RankTable

    /// The mean of the components' normal scores.
    func mean(of values: [Double]) -> Double {
        precondition(values.count == componentTables.count, "a detector gives every component that it declared")
        let sum = zip(componentTables, values).reduce(0.0) { $0 + $1.0.normalScore(of: $1.1) }
        return sum / Double(values.count)
    }

    /// The detector's score: the normal score of that mean.
    func score(of values: [Double]) -> Double {
        family.normalScore(of: mean(of: values))
    }
}

/// The two-level joint: each component's rank to a normal score, their mean in a family, its rank to a normal score
/// again, and the sum of squares of the positive ones. Counts evidence from one family that is sure as much as from many
/// that are not, and families that find a row quieter than usual excuse nothing.
struct TwoLevelJoint: Sendable, Hashable {
    var families: [FamilyTables]

    init(families: [FamilyTables]) {
        self.families = families
    }

    /// Fits the tables to clean rows: by row, by detector, the components.
    ///
    /// - Precondition: there is a row at least, and each has every detector's components.
    init(detectors: [(name: String, components: [String])], rows: [[[Double]]]) {
        families = detectors.indices.map { index in
            let tables = detectors[index].components.indices.map { component in
                RankTable(rows.map { $0[index][component] }, allowsLogarithm: true)
            }
            var family = FamilyTables(
                detector: detectors[index].name,
                components: detectors[index].components,
                componentTables: tables,
                family: RankTable([0], allowsLogarithm: false)
            )
            family.family = RankTable(rows.map { family.mean(of: $0[index]) }, allowsLogarithm: false)
            return family
        }
    }

    /// Each detector's score.
    func detectorScores(of row: [[Double]]) -> [Double] {
        precondition(row.count == families.count, "a row has the components of every detector")
        return zip(families, row).map { $0.score(of: $1) }
    }

    /// The chain's score from the detectors'.
    func score(ofDetectorScores scores: [Double]) -> Double {
        scores.reduce(0) { $0 + ($1 > 0 ? $1 * $1 : 0) }
    }
}
