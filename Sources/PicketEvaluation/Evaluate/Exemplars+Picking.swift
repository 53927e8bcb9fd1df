extension Exemplars {
    /// How many of each kind a report shows, and how many of them may come from one set.
    private static let shown = 12
    private static let fromOneSet = 3

    /// Picks the rows that the chain got most wrong.
    ///
    /// - Parameters:
    ///   - sets: the clean set first.
    ///   - sources: the same sets' rows.
    init(_ sets: [MeasuredSet], sources: [DataSetRows]) throws {
        self.init()
        guard let clean = sets.first else { return }
        mistaken = try clean.rows.indices
            .filter { clean.rows[$0].isFlagged }
            .sorted { (clean.rows[$1].score, $0) < (clean.rows[$0].score, $1) }
            .prefix(Self.shown)
            .map { try Exemplar(clean, sources[0], index: $0) }
        var candidates: [(set: Int, index: Int, score: Double)] = []
        for (set, measured) in sets.enumerated().dropFirst() {
            let passed = measured.rows.indices.filter { measured.successful[$0] && measured.rows[$0].isPassed }
            let lowest = passed.sorted { (measured.rows[$0].score, $0) < (measured.rows[$1].score, $1) }
            candidates += lowest.prefix(Self.fromOneSet).map { (set, $0, measured.rows[$0].score) }
        }
        candidates.sort { ($0.score, $0.set, $0.index) < ($1.score, $1.set, $1.index) }
        missed = try candidates.prefix(Self.shown).map {
            try Exemplar(sets[$0.set], sources[$0.set], index: $0.index)
        }
    }
}

extension Exemplar {
    fileprivate init(_ set: MeasuredSet, _ source: DataSetRows, index: Int) throws {
        let row = set.rows[index]
        let range = index..<index + 1
        self.init(
            file: set.file,
            index: index,
            truth: set.truth.map { Int($0[index]) },
            label: row.label ?? -1,
            score: row.score,
            pValue: row.pValue,
            row: try source.rows(range).row(0),
            clean: try source.cleanRows(range)?.row(0)
        )
    }
}
