/// The last rows that were counted, to know them again and to say what moved among them.
struct RecentRows: Sendable {
    private let capacity: Int
    private var rows: [[DetectorJudgement]] = []
    private var digests: [String] = []
    private var known: Set<String> = []
    private var oldest = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { rows.count }

    /// Takes a row in place of the oldest; false where it is one of the last already.
    mutating func add(_ row: [DetectorJudgement], digest: String) -> Bool {
        guard known.insert(digest).inserted else { return false }
        if rows.count < capacity {
            rows.append(row)
            digests.append(digest)
            return true
        }
        known.remove(digests[oldest])
        rows[oldest] = row
        digests[oldest] = digest
        oldest = (oldest + 1) % capacity
        return true
    }

    /// The component whose normal scores lie furthest from zero on average.
    func moved(by joint: Joint) -> (detector: String, component: String, shift: Double) {
        var found = (detector: "", component: "", shift: 0.0)
        for (place, family) in joint.families.enumerated() {
            for (index, table) in family.componentTables.enumerated() {
                let sum = rows.reduce(0.0) { sum, row in
                    sum + table.normalScore(of: row[place].components[index].value.componentPrecision)
                }
                let shift = sum / Double(max(rows.count, 1))
                if abs(shift) >= abs(found.shift) {
                    found = (family.detector, family.components[index], shift)
                }
            }
        }
        return found
    }
}
