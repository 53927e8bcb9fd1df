import PicketDetection
import Testing

@Suite("Cutting clean rows")
struct CalibrationSplitTests {
    @Test(arguments: [(1000, true, 200, 300, 500), (1000, false, 0, 375, 625), (7, true, 1, 2, 4), (0, true, 0, 0, 0)])
    func parts(rows: Int, learns: Bool, fit: Int, ranks: Int, pValues: Int) {
        let split = CalibrationSplit(rowCount: rows, groups: nil, shares: .standard, learns: learns, seed: 0)
        #expect([split.fit.count, split.ranks.count, split.pValues.count] == [fit, ranks, pValues])
        #expect((split.fit + split.ranks + split.pValues).sorted() == Array(0..<rows))
    }

    @Test func seedDecides() {
        func split(_ seed: UInt64) -> CalibrationSplit {
            CalibrationSplit(rowCount: 500, groups: nil, shares: .standard, learns: true, seed: seed)
        }
        #expect(split(1) == split(1))
        #expect(split(1) != split(2))
    }

    @Test func everyRowIsAsLikelyEverywhere() {
        var hits = [Int](repeating: 0, count: 10)
        for seed in 0..<2000 {
            let split = CalibrationSplit(rowCount: 10, groups: nil, shares: .standard, learns: true, seed: UInt64(seed))
            for row in split.pValues { hits[row] += 1 }
        }
        // 1,000 each, standard deviation 22.
        #expect(hits.allSatisfy { abs($0 - 1000) < 110 }, "\(hits)")
    }

    @Test func groupsStayWhole() {
        for seed in 0..<50 {
            let groups = (0..<300).map { Int64($0 * $0 % 41) }
            let split = CalibrationSplit(
                rowCount: 300,
                groups: groups,
                shares: .standard,
                learns: true,
                seed: UInt64(seed)
            )
            #expect((split.fit + split.ranks + split.pValues).sorted() == Array(0..<300))
            let parts = [split.fit, split.ranks, split.pValues].map { Set($0.map { groups[$0] }) }
            #expect(parts[0].isDisjoint(with: parts[1]))
            #expect(parts[0].isDisjoint(with: parts[2]))
            #expect(parts[1].isDisjoint(with: parts[2]))
            #expect(parts.allSatisfy { !$0.isEmpty })
        }
    }

    @Test(arguments: [(59, true), (59, false), (299, true), (1, true), (12345, false)])
    func neededRowsAreEnoughAndNoMore(pValues: Int, learns: Bool) {
        let needed = SplitShares.standard.neededCount(pValues: pValues, ranks: 20, learns: learns)
        func isEnough(_ count: Int) -> Bool {
            let parts = SplitShares.standard.counts(of: count, learns: learns)
            return parts.pValues >= pValues && parts.ranks >= 20
        }
        #expect(isEnough(needed))
        #expect(!isEnough(needed - 3))
    }
}
