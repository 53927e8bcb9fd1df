/// Thresholds' ranks by the number of rows in a request, worked out once: each takes some beta integrals, and every request
/// asks.
struct RankCache: Sendable {
    /// Requests of more rows than this are worked out when they come.
    private static let largestKept = 1024

    private let promise: Promise
    private let sampleCounts: [Int]
    /// By rows in the request, from one; by stratum.
    private let kept: [[Int]]

    init(_ promise: Promise, sampleCounts: [Int]) {
        self.promise = promise
        self.sampleCounts = sampleCounts
        let largest = promise.unit == .row ? 1 : RankCache.largestKept
        var kept: [[Int]] = []
        while kept.count < largest,
            let ranks = RankCache.ranks(promise, sampleCounts, rowsInRequest: kept.count + 1)
        {
            kept.append(ranks)
        }
        self.kept = kept
    }

    /// By stratum; nil where one of them does not resolve so many rows.
    func ranks(rowsInRequest rows: Int) -> [Int]? {
        let index = promise.unit == .row ? 0 : max(rows, 1) - 1
        if index < kept.count { return kept[index] }
        return kept.count < RankCache.largestKept
            ? nil : RankCache.ranks(promise, sampleCounts, rowsInRequest: rows)
    }

    private static func ranks(_ promise: Promise, _ sampleCounts: [Int], rowsInRequest rows: Int) -> [Int]? {
        let found = sampleCounts.compactMap { promise.rank(sampleCount: $0, rowsInRequest: rows) }
        return found.count == sampleCounts.count ? found : nil
    }
}
