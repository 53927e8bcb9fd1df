package import PicketDetection

/// What a choice of candidates reaches, over the folds.
package struct ChoiceFigures: Sendable, Hashable {
    /// By attack set, the mean share of its rows that is flagged.
    package var detection: [Double]
    /// The share of held-out clean rows that is flagged.
    package var falsePositiveRate: Double

    package init(detection: [Double], falsePositiveRate: Double) {
        self.detection = detection
        self.falsePositiveRate = falsePositiveRate
    }

    /// The mean over some of the sets.
    package func mean(over sets: [Int]) -> Double {
        sets.isEmpty ? 0 : sets.reduce(0) { $0 + detection[$1] } / Double(sets.count)
    }
}

/// Measures choices of candidates on what was evaluated once.
package struct ChoiceMeter: Sendable {
    private let pool: CandidatePool
    private let data: TuneData
    private let folds: [TuneFolds.Fold]
    private let rate: Double
    private let method: JointMethod
    private let weights: [Double]
    /// By variant of the pool, by component, its place in a row.
    private let places: [[String: Int]]

    /// - Parameters:
    ///   - components: by variant of the pool, the components of a row in order.
    ///   - weights: by variant of the pool, what its evidence counts.
    ///   - rate: the false-positive rate; thresholds keep it on average, since a choice is not a promise.
    package init(
        _ pool: CandidatePool,
        data: TuneData,
        components: [[String]],
        weights: [Double],
        rate: Double,
        method: JointMethod
    ) {
        self.pool = pool
        self.data = data
        folds = TuneFolds(rowCount: data.clean.count, groups: data.groups).folds
        self.rate = rate
        self.method = method
        self.weights = weights
        places = components.map { names in
            Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        }
    }

    package func measure(_ choice: Set<Int>) -> ChoiceFigures {
        let detectors = pool.detectors(of: choice).map { detector in
            let names = detector.candidates.flatMap { pool.candidates[$0].components }
            return (
                variant: detector.variant, name: pool.variants[detector.variant].name, components: names,
                places: names.compactMap { places[detector.variant][$0] }
            )
        }
        func rows(_ rows: [[[Double]]]) -> [[[Double]]] {
            rows.map { row in detectors.map { detector in detector.places.map { row[detector.variant][$0] } } }
        }
        let clean = rows(data.clean)
        let sets = data.sets.map { rows($0.rows) }
        var figures = ChoiceFigures(detection: data.sets.map { _ in 0 }, falsePositiveRate: 0)
        var held = 0
        for fold in folds where !fold.ranks.isEmpty && !fold.pValues.isEmpty {
            let core = CalibrationCore(
                method: method,
                detectors: detectors.map { ($0.name, $0.components) },
                weights: detectors.map { weights[$0.variant] },
                ranks: fold.ranks.map { clean[$0] },
                pValues: fold.pValues.map { clean[$0] }
            )
            let rank = Int((rate * Double(core.chainScores.count + 1) * (1 + 1e-12)).rounded(.down))
            // Too few clean rows for the rate: nothing is flagged.
            guard rank > 0 else { continue }
            let threshold = core.chainScores.threshold(rank: min(rank, core.chainScores.count))
            for (index, set) in sets.enumerated() where !set.isEmpty {
                let flagged = set.count { core.score(of: $0) > threshold }
                figures.detection[index] += Double(flagged) / Double(set.count) / Double(folds.count)
            }
            figures.falsePositiveRate += Double(fold.held.count { core.score(of: clean[$0]) > threshold })
            held += fold.held.count
        }
        figures.falsePositiveRate /= Double(max(held, 1))
        return figures
    }
}
