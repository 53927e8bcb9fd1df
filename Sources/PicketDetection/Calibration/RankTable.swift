internal import Glibc

/// Turns a number into a normal score by its rank among clean ones.
///
/// The clean numbers' mid-ranks r (ties share one) give Φ⁻¹(r / (n + 1)). Between two clean numbers the score is
/// interpolated; below the smallest it stays; beyond the largest it goes on linearly, one for each clean standard
/// deviation, or everything extreme would tie. Distances, interpolation and deviations are measured on the number's
/// logarithm where no clean number is negative, floored at the smallest positive one; on the number itself where some are
/// negative (log-odds are logarithms already) or all are zero.
public struct RankTable: Sendable, Hashable {
    /// What distances are measured on.
    public enum Scale: String, Sendable, Hashable, Codable {
        case identity
        case logarithm
    }

    public let scale: Scale
    /// The distinct clean numbers, ascending; under ``Scale/logarithm`` all positive.
    public let values: [Double]
    /// How many clean rows have each.
    public let counts: [Int]

    /// How many clean rows there were.
    public let sampleCount: Int
    private let positions: [Double]
    private let scores: [Double]
    private let deviation: Double

    /// Beyond any evidence; keeps sums of squares finite.
    static let largestScore = 1e6

    /// The table of clean numbers.
    ///
    /// - Precondition: there is one at least, and all are finite.
    package init(_ samples: [Double], allowsLogarithm: Bool) {
        precondition(!samples.isEmpty && samples.allSatisfy(\.isFinite), "ranks are made of finite numbers")
        let smallestPositive = samples.filter { $0 > 0 }.min()
        let isLogarithm = allowsLogarithm && samples.allSatisfy { $0 >= 0 } && smallestPositive != nil
        let floor = isLogarithm ? smallestPositive ?? 0 : -Double.infinity
        var values: [Double] = []
        var counts: [Int] = []
        for sample in samples.map({ max($0, floor) }).sorted() {
            if values.last == sample {
                counts[counts.count - 1] += 1
            } else {
                values.append(sample)
                counts.append(1)
            }
        }
        self.init(scale: isLogarithm ? .logarithm : .identity, sortedValues: values, counts: counts)
    }

    /// A table read from a file.
    ///
    /// - Throws: ``CalibrationFault/content(field:reason:)`` where the numbers make no table.
    init(scale: Scale, values: [Double], counts: [Int], field: String) throws(CalibrationFault) {
        guard !values.isEmpty, values.count == counts.count else {
            throw .content(
                field: field,
                reason: "\(values.count) values and \(counts.count) counts, expected as many of both, and one at least"
            )
        }
        for index in values.indices {
            guard values[index].isFinite, index == 0 || values[index] > values[index - 1] else {
                throw .content(field: "\(field).values[\(index)]", reason: "expected finite numbers in ascending order")
            }
            guard counts[index] > 0, counts[index] <= CalibrationFile.largestCount else {
                throw .content(
                    field: "\(field).counts[\(index)]",
                    reason: "\(counts[index]), expected 1 to \(CalibrationFile.largestCount)"
                )
            }
        }
        guard counts.reduce(0, +) <= CalibrationFile.largestCount else {
            throw .content(field: "\(field).counts", reason: "expected at most \(CalibrationFile.largestCount) in all")
        }
        guard scale == .identity || values[0] > 0 else {
            throw .content(
                field: "\(field).values[0]",
                reason: "\(values[0]), expected a positive number to take logarithms"
            )
        }
        self.init(scale: scale, sortedValues: values, counts: counts)
    }

    private init(scale: Scale, sortedValues values: [Double], counts: [Int]) {
        let positions = scale == .logarithm ? values.map { log($0) } : values
        let total = counts.reduce(0.0) { $0 + Double($1) }
        var scores: [Double] = []
        var below = 0.0
        for count in counts {
            scores.append(NormalQuantile.value((below + (Double(count) + 1) / 2) / (total + 1)))
            below += Double(count)
        }
        let mean = zip(positions, counts).reduce(0.0) { $0 + $1.0 / total * Double($1.1) }
        let variance = zip(positions, counts).reduce(0.0) { sum, part in
            let distance = part.0 - mean
            return sum + distance * distance / max(total - 1, 1) * Double(part.1)
        }
        let deviation = sqrt(variance)
        self.scale = scale
        self.values = values
        self.counts = counts
        self.sampleCount = counts.reduce(0, +)
        self.positions = positions
        self.scores = scores
        // Clean numbers that are all alike give no measure: then a step of one (or a factor of e) counts as one.
        self.deviation = deviation > 0 && deviation.isFinite ? deviation : 1
    }

    /// The normal score of a finite number; never falls as the number grows.
    public func normalScore(of value: Double) -> Double {
        let floored = scale == .logarithm ? max(value, values[0]) : value
        let position = scale == .logarithm ? log(floored) : floored
        let last = values.count - 1
        if floored <= values[0] { return scores[0] }
        if floored >= values[last] {
            let beyond = (position - positions[last]) / deviation
            return min(scores[last] + beyond, RankTable.largestScore)
        }
        // The first clean number that is not below.
        var low = 0
        var high = last
        while low < high {
            let middle = (low + high) / 2
            if values[middle] < floored { low = middle + 1 } else { high = middle }
        }
        if values[low] == floored { return scores[low] }
        let width = positions[low] - positions[low - 1]
        let share = (position - positions[low - 1]) / width
        // Neighbours so close, or so far apart, that their distance is no number.
        guard share >= 0, share <= 1 else { return scores[low] }
        return scores[low - 1] + share * (scores[low] - scores[low - 1])
    }
}
