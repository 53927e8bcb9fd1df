// Whether the clean rows carry the promise.

extension Calibrator {
    /// Fewer rows than this give no ranks worth the name.
    static let fewestRanks = 20

    /// Cuts the rows, where there are enough.
    func cut(_ clean: some CleanRows, learns: Bool) throws(CalibrationFault) -> CalibrationSplit {
        let split = CalibrationSplit(
            rowCount: clean.count,
            groups: clean.groups,
            shares: shares,
            learns: learns,
            seed: splitSeed
        )
        let classes = try classCount()
        let needed = promise.neededSampleCount() * (classes ?? 1)
        let isFitted = !learns || !split.fit.isEmpty
        guard split.pValues.count >= needed, split.ranks.count >= Calibrator.fewestRanks, isFitted else {
            throw .tooFewSamples(
                CalibrationFault.TooFewSamples(
                    given: clean.count,
                    needed: shares.neededCount(pValues: needed, ranks: Calibrator.fewestRanks, learns: learns),
                    pValues: split.pValues.count,
                    neededPValues: needed,
                    classes: classes,
                    promise: promise
                )
            )
        }
        return split
    }

    /// Predicted classes that are held to the rate each; nil where the rate is of all rows together.
    private func classCount() throws(CalibrationFault) -> Int? {
        guard promise.isClassConditional else { return nil }
        guard specification.subject.classCount > 0 else {
            throw .promise("class-conditional: model \(specification.subject.model.quoted) predicts no classes")
        }
        return specification.subject.classCount
    }

    /// The strata that thresholds are counted in, where each has enough rows.
    func strata(
        of core: CalibrationCore,
        labels: [Int?],
        given: Int
    ) throws(CalibrationFault) -> [ScoreStratum] {
        let rank = { (count: Int) -> Int in
            guard let rank = promise.rank(sampleCount: count) else {
                preconditionFailure("the cut was refused where the scores carry no promise")
            }
            return rank
        }
        guard let classes = try classCount() else { return core.strata(labels: nil, rank: rank) }
        guard labels.allSatisfy({ $0 != nil }) else {
            throw .promise("class-conditional: the model's output on a clean row is not finite, and predicts no class")
        }
        let predicted = labels.compactMap(\.self)
        var counts = Array(repeating: 0, count: classes)
        for label in predicted where counts.indices.contains(label) { counts[label] += 1 }
        let needed = promise.neededSampleCount()
        let shortages = counts.indices.filter { counts[$0] < needed }
        if let rarest = shortages.map({ counts[$0] }).min() {
            let inAll = (Double(given) * Double(needed) / Double(max(rarest, 1))).rounded(.up)
            throw .tooFewInClasses(
                CalibrationFault.TooFewInClasses(
                    shortages: shortages.map { .init(label: $0, found: counts[$0]) },
                    needed: needed,
                    given: given,
                    neededInAll: rarest > 0 && inAll < 1e15 ? Int(inAll) : nil,
                    promise: promise
                )
            )
        }
        return core.strata(labels: predicted, rank: rank)
    }
}
