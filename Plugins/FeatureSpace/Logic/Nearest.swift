/// The k nearest of rows whose distances are known, the earlier row first where distances are equal.
struct Nearest {
    /// Squared distance and row, ascending.
    private var found: [(distance: Float, row: Int)] = []

    /// - Precondition: there are as many rows.
    init(_ count: Int, of squaredDistances: [Float]) {
        precondition(count >= 1 && count <= squaredDistances.count, "as many neighbours as are looked for")
        found.reserveCapacity(count + 1)
        for (row, distance) in squaredDistances.enumerated() {
            if found.count == count, distance >= found[count - 1].distance { continue }
            var place = found.count
            while place > 0, found[place - 1].distance > distance { place -= 1 }
            found.insert((distance, row), at: place)
            if found.count > count { found.removeLast() }
        }
    }

    /// Squared distance of the last of them.
    var farthest: Float { found.last?.distance ?? .nan }

    /// Share of them for which something holds.
    func share(where holds: (Int) -> Bool) -> Double {
        Double(found.count { holds($0.row) }) / Double(found.count)
    }
}
