/// "Did you mean …?" for a mistyped key or keyword.
enum Suggestion {
    /// The candidate nearest to `word`, when it is near enough to be a slip of the hand.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let letters = Array(word.lowercased().unicodeScalars.prefix(64))
        guard letters.count >= 2 else { return nil }
        if letters.count >= 3, let longer = candidates.first(where: { $0.hasPrefix(word) }) {
            return longer
        }
        let ranked = candidates.map { candidate in
            (distance: distance(letters, Array(candidate.lowercased().unicodeScalars)), candidate: candidate)
        }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, letters.count / 3) ? best.candidate : nil
    }

    /// Edit distance with neighbours swapped counted as one (optimal string alignment).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(
                    previous[column + 1] + 1,
                    current[column] + 1,
                    previous[column] + (letter == other ? 0 : 1)
                )
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
