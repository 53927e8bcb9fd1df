import PicketDetection

extension RankingCurve {
    /// The area's interval after DeLong, DeLong and Clarke-Pearson (Biometrics 1988), normal, cut to 0…1.
    ///
    /// - Returns: nil where a side has fewer than two numbers, or where the two do not overlap: the samples then say
    ///   nothing of the area's spread.
    package static func interval(
        negatives: [Double],
        positives: [Double],
        confidence: Double = RateInterval.confidence
    ) -> RateInterval? {
        guard negatives.count > 1, positives.count > 1 else { return nil }
        let sortedNegatives = negatives.sorted()
        let sortedPositives = positives.sorted()
        let wins = positives.map { share(of: sortedNegatives, below: $0) }
        let losses = negatives.map { 1 - share(of: sortedPositives, below: $0) }
        let variance =
            RankingCurve.variance(wins) / Double(wins.count) + RankingCurve.variance(losses) / Double(losses.count)
        guard variance > 0 else { return nil }
        let area = wins.reduce(0, +) / Double(wins.count)
        let width = NormalQuantile.value((1 + confidence) / 2) * variance.squareRoot()
        return RateInterval(lower: max(area - width, 0), upper: min(area + width, 1))
    }

    /// The share of an ascending sample below a number, ties counting half.
    private static func share(of ascending: [Double], below number: Double) -> Double {
        let below = ascending.partitioningIndex { $0 >= number }
        let notAbove = ascending.partitioningIndex { $0 > number }
        return Double(below + notAbove) / 2 / Double(ascending.count)
    }

    private static func variance(_ numbers: [Double]) -> Double {
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        return numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count - 1)
    }
}

extension Array {
    /// The first place from which a condition holds that, once true, stays true.
    func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
