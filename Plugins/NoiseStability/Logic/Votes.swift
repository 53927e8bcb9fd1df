/// How many copies gave each label.
struct Votes {
    /// By class.
    private(set) var counts: [Int]

    init(classes: Int) {
        counts = [Int](repeating: 0, count: classes)
    }

    /// - Precondition: the label is a class.
    mutating func add(_ label: Int) {
        counts[label] += 1
    }

    /// The most frequent label; the first of several.
    var top: Int {
        var best = 0
        for (label, count) in counts.enumerated() where count > counts[best] { best = label }
        return best
    }

    /// p-value of the two-sided test that the two most frequent labels are equally likely.
    var abstention: Double {
        let top = top
        let second = counts.enumerated().reduce(0) { $1.offset == top ? $0 : max($0, $1.element) }
        return Binomial.fairCoinTest(counts[top], of: counts[top] + second)
    }
}
