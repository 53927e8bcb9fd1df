/// How well a score tells two samples apart, without choosing a threshold.
package enum RankingCurve {
    /// The area under the ROC curve: the probability that a random positive scores higher than a random negative, ties
    /// counting half (Mann and Whitney's U). Nil where either side is empty.
    package static func area(negatives: [Double], positives: [Double]) -> Double? {
        guard !negatives.isEmpty, !positives.isEmpty else { return nil }
        let sorted = (negatives.map { ($0, false) } + positives.map { ($0, true) }).sorted { $0.0 < $1.0 }
        var rankSum = 0.0
        var start = 0
        while start < sorted.count {
            var end = start
            while end < sorted.count, sorted[end].0 == sorted[start].0 { end += 1 }
            // Ranks count from 1; tied ones share their mean.
            let meanRank = Double(start + end + 1) / 2
            rankSum += meanRank * Double(sorted[start..<end].count { $0.1 })
            start = end
        }
        let n = Double(positives.count)
        return (rankSum - n * (n + 1) / 2) / (n * Double(negatives.count))
    }
}
