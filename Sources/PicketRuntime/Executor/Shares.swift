/// How the rows of a pass are cut between threads and batches.
package struct Shares: Equatable, Sendable {
    /// Consecutive, none empty.
    package let ranges: [Range<Int>]

    /// - Parameters:
    ///   - rows: of the whole pass; 1 or more.
    ///   - threads: that could take one each.
    ///   - smallest: rows below which waking another thread costs more than it brings; 1 or more.
    ///   - largest: rows that one batch may have; it bounds a session's memory.
    package init(rows: Int, threads: Int, smallest: Int, largest: Int) {
        precondition(rows > 0 && threads > 0 && smallest > 0 && largest > 0, "a pass has rows, threads and bounds")
        let wanted = min(threads, max(rows / smallest, 1))
        let count = max(wanted, (rows + largest - 1) / largest)
        ranges = (0..<count).map { (rows * $0 / count)..<(rows * ($0 + 1) / count) }.filter { !$0.isEmpty }
    }
}
