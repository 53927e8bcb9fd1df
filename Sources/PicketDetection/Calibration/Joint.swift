/// The tables of one detector: its components', and that of its family where the method ranks families again.
struct FamilyTables: Sendable, Hashable {
    var detector: String
    var components: [String]
    var componentTables: [RankTable]
    var family: RankTable?
    /// What the family's evidence counts beside the others', greater than 0.
    var weight = 1.0

    /// The family's number before it is ranked.
    func joined(_ values: [Double], by rule: JointRule) -> Double {
        precondition(values.count == componentTables.count, "a detector gives every component that it declared")
        let tables = componentTables.span
        var scores: [Double] = []
        scores.reserveCapacity(values.count)
        // Looked at in place: a copy of a table takes as long as looking into it.
        for index in values.indices { scores.append(tables[index].normalScore(of: values[index])) }
        return rule.family(scores)
    }

    /// The detector's score.
    func score(of values: [Double], by rule: JointRule) -> Double {
        let joined = joined(values, by: rule)
        return family?.normalScore(of: joined) ?? joined
    }
}

/// A method fitted to clean rows: components in, scores out.
struct Joint: Sendable, Hashable {
    let method: JointMethod
    let families: [FamilyTables]

    /// - Precondition: every family has a table of its own where the method ranks families again, and none where not.
    init(method: JointMethod, families: [FamilyTables]) {
        precondition(
            families.allSatisfy { ($0.family != nil) == method.rule.isRankedAgain },
            "a method's families are ranked again, or not, as it says"
        )
        self.method = method
        self.families = families
    }

    /// Fits the tables to clean rows: by row, by detector, the components.
    ///
    /// - Precondition: there is a row at least, and each has every detector's components.
    init(
        method: JointMethod,
        detectors: [(name: String, components: [String])],
        weights: [Double]? = nil,
        rows: [[[Double]]]
    ) {
        precondition(weights?.count ?? detectors.count == detectors.count, "every detector has a weight, or none has")
        let families = detectors.indices.map { index in
            let tables = detectors[index].components.indices.map { component in
                RankTable(rows.map { $0[index][component] }, allowsLogarithm: true)
            }
            var family = FamilyTables(
                detector: detectors[index].name,
                components: detectors[index].components,
                componentTables: tables,
                weight: weights?[index] ?? 1
            )
            guard method.rule.isRankedAgain else { return family }
            let joined = rows.map { family.joined($0[index], by: method.rule) }
            family.family = RankTable(joined, allowsLogarithm: false)
            return family
        }
        self.init(method: method, families: families)
    }

    /// Each detector's score.
    func detectorScores(of row: [[Double]]) -> [Double] {
        precondition(row.count == families.count, "a row has the components of every detector")
        let rule = method.rule
        return row.indices.map { families[$0].score(of: row[$0], by: rule) }
    }

    /// The chain's score from the detectors'.
    func score(ofDetectorScores scores: [Double]) -> Double {
        method.rule.chain(scores.indices.map { (families[$0].weight, scores[$0]) })
    }
}
