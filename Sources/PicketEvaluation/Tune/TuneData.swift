/// What the pool's chain found: a vector of all candidates' components for every row.
package struct TuneData: Sendable {
    /// Attacked rows of one file that fool the model.
    package struct AttackSet: Sendable {
        package var file: String
        /// Sets of one attack are left out together.
        package var attack: String
        /// By row, by detector of the pool, the components.
        package var rows: [[[Double]]]

        package init(file: String, rows: [[[Double]]]) {
            self.file = file
            attack = AttackName.of(file)
            self.rows = rows
        }
    }

    /// By row, by detector of the pool, the components.
    package var clean: [[[Double]]]
    /// Clean rows that belong together; nil where each stands alone.
    package var groups: [Int64]?
    package var sets: [AttackSet]

    package init(clean: [[[Double]]], groups: [Int64]?, sets: [AttackSet]) {
        self.clean = clean
        self.groups = groups
        self.sets = sets
    }
}

/// Which attack a file is of: its name without strengths and precision, `garment-pgd-0.05-8bit` being `garment-pgd`.
package enum AttackName {
    package static func of(_ file: String) -> String {
        let parts = SetNames.short(file).split(separator: "-")
        let kept = parts.filter { Double($0) == nil && !["8bit", "float"].contains($0) }
        return kept.isEmpty ? SetNames.short(file) : kept.joined(separator: "-")
    }
}

/// Clean rows cut into parts again and again: ranks, p-values, and rows that neither step has seen.
package struct TuneFolds: Sendable {
    package struct Fold: Sendable {
        package var ranks: [Int]
        package var pValues: [Int]
        package var held: [Int]
    }

    /// Turns of the cut; each row is held out in one of them.
    package static let count = 4

    package let folds: [Fold]

    /// Eight shares of whole groups in turn: two held out, two for ranks, four for p-values.
    package init(rowCount: Int, groups: [Int64]?) {
        var members: [[Int]] = []
        var places: [Int64: Int] = [:]
        for row in 0..<rowCount {
            if let group = groups?[row] {
                if let place = places[group] {
                    members[place].append(row)
                    continue
                }
                places[group] = members.count
            }
            members.append([row])
        }
        // A fixed step through the groups: neighbours in a file (classes, sessions) come into different shares.
        var shares = [[Int]](repeating: [], count: 8)
        for (index, group) in members.enumerated() { shares[TuneFolds.share(of: index)] += group }
        folds = (0..<TuneFolds.count).map { turn in
            func share(_ index: Int) -> [Int] { shares[(turn * 2 + index) % 8] }
            return Fold(
                ranks: share(2) + share(3),
                pValues: share(4) + share(5) + share(6) + share(7),
                held: share(0) + share(1)
            )
        }
    }

    /// Multiplicative hashing (Knuth): even shares that follow no order of the file.
    private static func share(of index: Int) -> Int {
        Int(((UInt64(truncatingIfNeeded: index) &+ 1) &* 0x9E37_79B9_7F4A_7C15) >> 61)
    }
}
