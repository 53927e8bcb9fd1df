internal import PicketCrypto

/// How clean rows are shared among fit, ranks and p-values.
public struct SplitShares: Sendable, Hashable {
    /// In thousandths of the rows, as whole numbers: shares of whole rows must not depend on rounding.
    private let fit: Int
    private let ranks: Int

    /// A fifth, three tenths, and the rest: p-values need the most.
    public static let standard = SplitShares(fit: 200, ranks: 300)

    private init(fit: Int, ranks: Int) {
        self.fit = fit
        self.ranks = ranks
    }

    /// Rows of each part out of `count`. Without a detector that learns nothing is fitted, and the other two parts share
    /// the rows three to five.
    package func counts(of count: Int, learns: Bool) -> (fit: Int, ranks: Int, pValues: Int) {
        let fitCount = learns ? count * fit / 1000 : 0
        let ranksCount = count * ranks / (learns ? 1000 : 1000 - fit)
        return (fitCount, ranksCount, count - fitCount - ranksCount)
    }

    /// The fewest rows whose parts are large enough.
    package func neededCount(pValues: Int, ranks: Int, learns: Bool) -> Int {
        var count = pValues
        while true {
            let parts = counts(of: count, learns: learns)
            if parts.pValues >= pValues, parts.ranks >= ranks { return count }
            count += max(1, (pValues - parts.pValues) / 2)
        }
    }
}

/// Clean rows cut into three parts that never mix. A cut never goes through a group.
package struct CalibrationSplit: Sendable, Hashable {
    package var fit: [Int] = []
    package var ranks: [Int] = []
    package var pValues: [Int] = []

    /// - Parameters:
    ///   - groups: Which rows belong together, by row; nil where every row stands alone.
    ///   - seed: Equal seeds cut equally; recorded in the calibration.
    package init(rowCount: Int, groups: [Int64]?, shares: SplitShares, learns: Bool, seed: UInt64) {
        var members: [[Int]] = []
        if let groups {
            precondition(groups.count == rowCount, "every clean row has a group, or none has")
            var places: [Int64: Int] = [:]
            for (row, group) in groups.enumerated() {
                if let place = places[group] {
                    members[place].append(row)
                } else {
                    places[group] = members.count
                    members.append([row])
                }
            }
        } else {
            members = (0..<rowCount).map { [$0] }
        }
        CalibrationSplit.shuffle(&members, KeyedGenerator(seed: SHA256Digest(of: "picket split 1:\(seed)")))
        let targets = shares.counts(of: rowCount, learns: learns)
        for group in members {
            if fit.count < targets.fit {
                fit += group
            } else if ranks.count < targets.ranks {
                ranks += group
            } else {
                pValues += group
            }
        }
        fit.sort()
        ranks.sort()
        pValues.sort()
    }

    /// Fisher and Yates, with draws free of bias; written out, since the standard library may change its own.
    private static func shuffle(_ items: inout [[Int]], _ generator: KeyedGenerator) {
        for last in stride(from: items.count - 1, to: 0, by: -1) {
            let bound = UInt64(last + 1)
            let limit = UInt64.max - UInt64.max % bound
            var draw = generator.next()
            while draw >= limit { draw = generator.next() }
            items.swapAt(last, Int(draw % bound))
        }
    }
}
