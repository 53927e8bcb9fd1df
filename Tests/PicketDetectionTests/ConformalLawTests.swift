import Foundation
import PicketCrypto
import PicketDetection
import Testing

/// The promise itself: calibrate, count, again and again, and hold the rates found against the Beta law.
///
/// Seeds are fixed, so these tests say the same every time; their bounds are such that a right implementation fails one
/// seed in some thousand.
@Suite("The promise is kept")
struct ConformalLawTests {
    static let ranksCount = 60
    static let pValuesCount = 200
    static let rate = 0.05
    static let confidence = 0.9

    /// √R · sup |F − F₀| beyond this has a probability of 0.001 (Kolmogorov).
    static let kolmogorovBound = 1.95

    private static func uniform(_ generator: KeyedGenerator) -> Double {
        (Double(generator.next() >> 11) + 0.5) / 9_007_199_254_740_992
    }

    private static func detectors(_ families: Int, _ components: Int) -> [(name: String, components: [String])] {
        (0..<families).map { ("family-\($0)", (0..<components).map { "component-\($0)" }) }
    }

    private static func threshold(_ core: CalibrationCore) throws -> (rank: Int, score: Double) {
        let promise = try Promise(rate: rate, confidence: confidence)
        let rank = try #require(promise.rank(sampleCount: core.chainScores.count))
        return (rank, core.chainScores.threshold(rank: rank))
    }

    /// One uniform component: the chain's rate is known exactly, and must follow Beta(k, n + 1 − k).
    @Test func exactRatesFollowBeta() throws {
        let generator = KeyedGenerator(seed: SHA256Digest(of: "one component"))
        var rates: [Double] = []
        var rank = 0
        for _ in 0..<500 {
            func rows(_ count: Int) -> [[[Double]]] { (0..<count).map { _ in [[Self.uniform(generator)]] } }
            let core = CalibrationCore(
                detectors: Self.detectors(1, 1),
                ranks: rows(Self.ranksCount),
                pValues: rows(Self.pValuesCount)
            )
            let threshold = try Self.threshold(core)
            rank = threshold.rank
            // The score never falls, so the flagged numbers begin at one point.
            var passed = 0.0
            var flagged = 1.0
            for _ in 0..<60 {
                let middle = (passed + flagged) / 2
                if core.score(of: [[middle]]) > threshold.score { flagged = middle } else { passed = middle }
            }
            rates.append(1 - passed)
        }
        let distance = kolmogorov(rates.sorted()) { rate in
            IncompleteBeta.regularized(rate, a: Double(rank), b: Double(Self.pValuesCount + 1 - rank))
        }
        #expect(distance < Self.kolmogorovBound)
        expectKept(rates)
        // The bound is not idle: the next rank would break the promise.
        let next = IncompleteBeta.regularized(Self.rate, a: Double(rank + 1), b: Double(Self.pValuesCount - rank))
        #expect(next < Self.confidence)
    }

    /// Components of few values: most rows tie. The exact rate is a sum over all rows that there are.
    @Test(arguments: [1, 2, 4])
    func tiesKeepThePromise(families: Int) throws {
        let generator = KeyedGenerator(seed: SHA256Digest(of: "ties \(families)"))
        let weights: [Double] = [0.55, 0.2, 0.12, 0.08, 0.05]
        func value() -> Double {
            var rest = Self.uniform(generator)
            for (index, weight) in weights.enumerated() {
                rest -= weight
                if rest < 0 { return Double(index) }
            }
            return 0
        }
        var all: [(row: [[Double]], weight: Double)] = [([], 1)]
        for _ in 0..<families {
            all = all.flatMap { part in
                weights.indices.map { (part.row + [[Double($0)]], part.weight * weights[$0]) }
            }
        }
        var rates: [Double] = []
        for _ in 0..<300 {
            func rows(_ count: Int) -> [[[Double]]] { (0..<count).map { _ in (0..<families).map { _ in [value()] } } }
            let core = CalibrationCore(
                detectors: Self.detectors(families, 1),
                ranks: rows(Self.ranksCount),
                pValues: rows(Self.pValuesCount)
            )
            let threshold = try Self.threshold(core).score
            rates.append(all.reduce(0) { $0 + (core.score(of: $1.row) > threshold ? $1.weight : 0) })
        }
        expectKept(rates)
    }

    /// Many dependent components: the flags among fresh rows follow the Beta-binomial law, whatever their number.
    @Test(arguments: [(1, 4), (5, 3), (12, 2)])
    func manyFamiliesFollowTheLaw(families: Int, components: Int) throws {
        let generator = KeyedGenerator(seed: SHA256Digest(of: "many \(families)"))
        func row() -> [[Double]] {
            let shared = Self.uniform(generator)
            return (0..<families).map { family in
                (0..<components).map { component in
                    let own = Self.uniform(generator)
                    // Positive and skewed, signed, and partly tied at zero, all leaning on one shared number.
                    return switch (family + component) % 3 {
                    case 0: exp(2 * own + 2 * shared)
                    case 1: own - 2 * shared
                    default: max(0, own + shared - 0.8)
                    }
                }
            }
        }
        func rows(_ count: Int) -> [[[Double]]] { (0..<count).map { _ in row() } }
        let freshCount = 400
        var flagged: [Int] = []
        var rank = 0
        for _ in 0..<300 {
            let core = CalibrationCore(
                detectors: Self.detectors(families, components),
                ranks: rows(Self.ranksCount),
                pValues: rows(Self.pValuesCount)
            )
            let threshold = try Self.threshold(core)
            rank = threshold.rank
            flagged.append(rows(freshCount).count { core.score(of: $0) > threshold.score })
        }
        let law = betaBinomial(freshCount, Double(rank), Double(Self.pValuesCount + 1 - rank))
        let sorted = flagged.sorted()
        var distance = 0.0
        for count in 0...freshCount {
            let share = Double(sorted.count { $0 <= count }) / Double(sorted.count)
            distance = max(distance, abs(share - law[count]))
        }
        #expect(distance * Double(sorted.count).squareRoot() < Self.kolmogorovBound)
    }

    /// The example's real clean rows, cut anew each time: flags among the rows left over follow the same law, which holds
    /// for random cuts of any fixed rows. Ties can only make them fewer.
    @Test func realScoresKeepThePromise() throws {
        struct Content: Decodable { var rows: [[Double]] }
        let file = ProbePlugin.root.appending(path: "Tests/Cases/calibration/real-components.json")
        let rows = try JSONDecoder().decode(Content.self, from: Data(contentsOf: file)).rows
            .map { [[$0[0], $0[1]], [$0[2], $0[3]]] }
        let generator = KeyedGenerator(seed: SHA256Digest(of: "real"))
        let ranksCount = 150
        let pValuesCount = 400
        let freshCount = 1000
        let promise = try Promise(rate: Self.rate, confidence: Self.confidence)
        let rank = try #require(promise.rank(sampleCount: pValuesCount))
        var order = Array(rows.indices)
        var flagged: [Int] = []
        for _ in 0..<300 {
            for place in 0..<ranksCount + pValuesCount + freshCount {
                order.swapAt(place, place + Int(generator.next() % UInt64(order.count - place)))
            }
            let picked = order.map { rows[$0] }
            let core = CalibrationCore(
                detectors: Self.detectors(2, 2),
                ranks: Array(picked[..<ranksCount]),
                pValues: Array(picked[ranksCount..<ranksCount + pValuesCount])
            )
            let threshold = core.chainScores.threshold(rank: rank)
            let fresh = picked[(ranksCount + pValuesCount)...].prefix(freshCount)
            flagged.append(fresh.count { core.score(of: $0) > threshold })
        }
        let law = betaBinomial(freshCount, Double(rank), Double(pValuesCount + 1 - rank))
        let sorted = flagged.sorted()
        let distance = (0...freshCount).reduce(0.0) { found, count in
            max(found, abs(Double(sorted.count { $0 <= count }) / Double(sorted.count) - law[count]))
        }
        #expect(distance * Double(sorted.count).squareRoot() < Self.kolmogorovBound)
        // What the law gives to more flags than the rate allows: about one minus the confidence, widened by the finite
        // number of fresh rows.
        let allowed = Double(flagged.count) * (1 - law[Int(Double(freshCount) * Self.rate)])
        let broken = Double(flagged.count { Double($0) > Double(freshCount) * Self.rate })
        #expect(broken <= allowed + 3.1 * allowed.squareRoot(), "\(broken), expected \(allowed)")
    }

    /// On average, p-values of fresh clean rows are never too small, ties or not.
    @Test func pValuesAreValid() {
        let generator = KeyedGenerator(seed: SHA256Digest(of: "p-values"))
        func row() -> [[Double]] { [[(Self.uniform(generator) * 12).rounded()], [Self.uniform(generator)]] }
        var atMost = [Double](repeating: 0, count: 3)
        let levels = [0.01, 0.05, 0.2]
        let rounds = 400
        for _ in 0..<rounds {
            let core = CalibrationCore(
                detectors: Self.detectors(2, 1),
                ranks: (0..<40).map { _ in row() },
                pValues: (0..<99).map { _ in row() }
            )
            for _ in 0..<20 {
                let value = core.chainScores.pValue(of: core.score(of: row()))
                for (index, level) in levels.enumerated() where value <= level { atMost[index] += 1 }
            }
        }
        for (level, count) in zip(levels, atMost) {
            let share = count / Double(rounds * 20)
            // Rows of a round share a calibration, which widens the spread beyond the binomial one.
            #expect(share <= level + 4 * (level / Double(rounds)).squareRoot() * 0.5, "\(share) at \(level)")
        }
    }

    /// No more splits over the promised rate than the confidence leaves.
    private func expectKept(_ rates: [Double]) {
        let broken = Double(rates.count { $0 > Self.rate + 1e-12 })
        let allowed = Double(rates.count) * (1 - Self.confidence)
        #expect(broken <= allowed + 3.1 * (allowed * Self.confidence).squareRoot(), "\(broken) of \(rates.count)")
    }

    private func kolmogorov(_ sorted: [Double], _ law: (Double) -> Double) -> Double {
        let count = Double(sorted.count)
        let distance = sorted.enumerated().reduce(0.0) { found, entry in
            let expected = law(entry.element)
            return max(
                found,
                abs(Double(entry.offset + 1) / count - expected),
                abs(Double(entry.offset) / count - expected)
            )
        }
        return distance * count.squareRoot()
    }

    /// The distribution function of the Beta-binomial law.
    private func betaBinomial(_ count: Int, _ a: Double, _ b: Double) -> [Double] {
        func logBeta(_ x: Double, _ y: Double) -> Double { lgamma(x) + lgamma(y) - lgamma(x + y) }
        var sum = 0.0
        return (0...count).map { successes in
            let chosen = -log(Double(count + 1)) - logBeta(Double(successes + 1), Double(count - successes + 1))
            sum += exp(chosen + logBeta(Double(successes) + a, Double(count - successes) + b) - logBeta(a, b))
            return sum
        }
    }
}
