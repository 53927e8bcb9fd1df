/// Scores of clean rows that no earlier step saw, ascending: what p-values and thresholds are counted in.
public struct CleanScores: Sendable, Hashable {
    public let ascending: [Double]

    init(_ scores: [Double]) {
        ascending = scores.sorted()
    }

    /// From a file.
    init(ascending: [Double], field: String) throws(CalibrationFault) {
        for index in ascending.indices {
            guard ascending[index].isFinite, index == 0 || ascending[index] >= ascending[index - 1] else {
                throw .content(field: "\(field)[\(index)]", reason: "expected finite numbers in ascending order")
            }
        }
        self.ascending = ascending
    }

    public var count: Int { ascending.count }

    /// The conformal p-value: (1 + clean scores at least as large) / (n + 1). Valid with ties.
    public func pValue(of score: Double) -> Double {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if ascending[middle] < score { low = middle + 1 } else { high = middle }
        }
        return Double(1 + count - low) / Double(count + 1)
    }

    /// The `rank`-th largest.
    ///
    /// - Precondition: 1 ≤ rank ≤ count.
    public func threshold(rank: Int) -> Double {
        precondition(rank >= 1 && rank <= count, "a threshold is one of the clean scores")
        return ascending[count - rank]
    }
}
