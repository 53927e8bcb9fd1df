/// The scores of clean and of live rows, counted on a fixed grid: what the next one's conformal p-value is taken from.
///
/// The bag grows by every row that it is asked about. A fixed bag would be the calibration's sample for ever, and a test
/// that runs for ever finds out how a sample differs from what it was drawn from: with n rows that is no drift, and would
/// be told as one. In a growing bag, p-values of rows that are exchangeable with the clean ones are independent and uniform
/// for as long as one looks (Vovk, Gammerman, Shafer 2005).
///
/// Cells are 1/64 of a power of two wide, between 2⁻⁶ and 2²⁰ on either side of zero: fixed beforehand, so counting in
/// them is as good a conformity measure as the score itself. Some 27 KB, whatever the number of rows.
package struct ScoreBag: Sendable {
    /// Cells on each side of the one around zero.
    private static let side = 26 * 64
    private static let smallestPosition = Int((1.0 / 64).bitPattern >> 46)

    private var cells: [Int]
    /// Sums over ranges of cells (Fenwick 1994), so that counting and adding take eleven steps each.
    private var sums: [Int]
    private(set) var count: Int

    package init(_ scores: CleanScores) {
        cells = Array(repeating: 0, count: 2 * ScoreBag.side + 1)
        sums = Array(repeating: 0, count: cells.count + 1)
        count = 0
        for score in scores.ascending { add(ScoreBag.cell(of: score)) }
    }

    /// The smoothed p-value of a score that joins the bag: the share of scores above it, and of `tie` of those in its cell,
    /// itself among them.
    ///
    /// - Parameter tie: a uniform number between 0 and 1 that nothing else depends on.
    package mutating func pValue(adding score: Double, tie: Double) -> Double {
        let cell = ScoreBag.cell(of: score)
        let above = Double(count - cells[cell] - below(cell))
        add(cell)
        return (above + tie * Double(cells[cell])) / Double(count)
    }

    private static func cell(of score: Double) -> Int {
        let position = Int(abs(score).bitPattern >> 46)
        let step = min(max(position - smallestPosition + 1, 0), side)
        return score < 0 ? side - step : side + step
    }

    private func below(_ cell: Int) -> Int {
        var sum = 0
        var index = cell
        while index > 0 {
            sum += sums[index]
            index &= index - 1
        }
        return sum
    }

    private mutating func add(_ cell: Int) {
        cells[cell] += 1
        count += 1
        var index = cell + 1
        while index < sums.count {
            sums[index] += 1
            index += index & -index
        }
    }
}
