import Foundation
import PicketCrypto
import PicketDetection
import Testing

/// Streams of rows with two detectors of two components each, drawn from seeds: nothing here is left to chance.
struct DriftStream {
    static let detectors = [(name: "a", components: ["a1", "a2"]), (name: "b", components: ["b1", "b2"])]

    let generator: KeyedGenerator
    let core: CalibrationCore
    var monitor: DriftMonitor
    private var next = 0
    /// Numbers are rounded to this, so that many tie; nil: none do.
    let step: Double?

    init(_ seed: String, ranks: Int = 60, pValues: Int, level: Double, step: Double? = nil) {
        let generator = KeyedGenerator(seed: SHA256Digest(of: seed))
        self.generator = generator
        self.step = step
        func rows(_ count: Int) -> [[[Double]]] {
            (0..<count).map { _ in DriftStream.row(generator, step: step, shifts: [0, 0, 0, 0]) }
        }
        core = CalibrationCore(detectors: DriftStream.detectors, ranks: rows(ranks), pValues: rows(pValues))
        monitor = DriftMonitor(core, level: level)
    }

    static func uniform(_ generator: KeyedGenerator) -> Double {
        (Double(generator.next() >> 11) + 0.5) / 9_007_199_254_740_992
    }

    /// Normal numbers that lean on one another; with a step, at least zero.
    private static func row(_ generator: KeyedGenerator, step: Double?, shifts: [Double]) -> [[Double]] {
        func normal() -> Double { NormalQuantile.value(uniform(generator)) }
        let shared = normal()
        let numbers = shifts.map { shift in
            let number = 0.5 * shared + 0.75.squareRoot() * normal() + shift
            return step.map { max((number / $0).rounded() * $0, 0) } ?? number
        }
        return [Array(numbers[..<2]), Array(numbers[2...])]
    }

    /// Shows the monitor the next row.
    mutating func observe(shifts: [Double] = [0, 0, 0, 0], digest: String? = nil) -> DriftAlarm? {
        next += 1
        let row = DriftStream.row(generator, step: step, shifts: shifts)
        return monitor.observe(judgement(row), digest: digest ?? "\(next)", tie: DriftStream.uniform(generator))
    }

    /// Shows the monitor rows like the clean ones.
    mutating func pass(_ count: Int) {
        for _ in 0..<count {
            let alarm = observe()
            #expect(alarm == nil)
        }
    }

    private func judgement(_ row: [[Double]]) -> Judgement {
        Judgement(
            verdict: .pass,
            score: core.score(of: row),
            threshold: 0,
            pValue: nil,
            detectors: zip(DriftStream.detectors, zip(row, core.detectorScores(of: row))).map { detector, found in
                DetectorJudgement(
                    name: detector.name,
                    score: found.1,
                    pValue: 0,
                    threshold: 0,
                    components: Array(zip(detector.components, found.0))
                )
            },
            failures: []
        )
    }
}

@Suite("Drift away from the calibration")
struct DriftTests {
    /// Rows like the clean ones: over many streams, the share that ever alarms stays within the level. Small calibrations
    /// and long streams are where a test against a fixed sample would cry wolf; ties are where p-values are not uniform.
    @Test(arguments: [(59, nil), (59, 0.5), (500, nil), (500, 2)] as [(Int, Double?)])
    func falseAlarmsStayWithinTheLevel(pValues: Int, step: Double?) {
        let level = 0.1
        let streams = 150
        var alarms = 0
        for seed in 0..<streams {
            var stream = DriftStream("null \(seed) \(pValues)", pValues: pValues, level: level, step: step)
            for _ in 0..<2000 where stream.observe() != nil { alarms += 1 }
        }
        let allowed = Double(streams) * level
        #expect(Double(alarms) <= allowed + 3.1 * (allowed * (1 - level)).squareRoot(), "\(alarms) of \(streams)")
    }

    /// All components shift by some clean standard deviations after a thousand clean rows: an alarm within so many rows,
    /// in every one of some streams, at the default level.
    @Test(arguments: [(0.5, 375), (1, 100), (2, 80), (-1, 100), (4, 60)] as [(Double, Int)])
    func shiftsAreFoundWithinSomeRows(shift: Double, within: Int) {
        var slowest = 0
        for seed in 0..<20 {
            var stream = DriftStream("shift \(seed)", ranks: 300, pValues: 500, level: 0.001)
            stream.pass(1000)
            var alarm: DriftAlarm?
            var rows = 0
            while alarm == nil, rows < 3 * within {
                rows += 1
                alarm = stream.observe(shifts: Array(repeating: shift, count: 4))
            }
            slowest = max(slowest, rows)
            #expect(alarm?.rows == 1000 + rows)
            #expect(alarm?.isMoreSuspicious == (shift > 0))
            #expect(alarm.map { ($0.shift > 0) == (shift > 0) && $0.capital >= $0.limit } == true)
        }
        #expect(slowest <= within && slowest > within / 4)
    }

    /// The component that moved is named, though both detectors lean on the same numbers.
    @Test(arguments: [0, 1, 2, 3])
    func theComponentThatMovedIsNamed(place: Int) {
        var stream = DriftStream("moved", ranks: 300, pValues: 500, level: 0.001)
        var shifts = [0.0, 0, 0, 0]
        shifts[place] = 2
        stream.pass(300)
        var alarm: DriftAlarm?
        for _ in 0..<2000 where alarm == nil { alarm = stream.observe(shifts: shifts) }
        #expect(alarm?.detector == ["a", "a", "b", "b"][place])
        #expect(alarm?.component == ["a1", "a2", "b1", "b2"][place])
        #expect(stream.monitor.alarm == alarm)
        // Said once.
        let again = stream.observe(shifts: [9, 9, 9, 9])
        #expect(again == nil)
    }

    /// A probe that asks the same for ever is one row.
    @Test func repeatsAreNotCounted() {
        var stream = DriftStream("repeats", pValues: 200, level: 0.001)
        for _ in 0..<5000 { _ = stream.observe(shifts: [8, 8, 8, 8], digest: "probe") }
        #expect(stream.monitor.rows == 1)
        for row in 0..<300 { _ = stream.observe(digest: "row \(row)") }
        #expect(stream.monitor.rows == 301)
        // Forgotten by now, so counted again.
        _ = stream.observe(digest: "probe")
        #expect(stream.monitor.rows == 302)
    }

    /// A few attacks on end are no drift, a flood is told as one.
    @Test func aBurstTakesThirtyRowsOrMore() {
        for seed in 0..<20 {
            var stream = DriftStream("burst \(seed)", ranks: 300, pValues: 500, level: 0.001)
            stream.pass(5000)
            var rows = 0
            while stream.observe(shifts: [30, 30, 30, 30]) == nil, rows < 1000 { rows += 1 }
            #expect((28...90).contains(rows), "\(rows)")
        }
    }

    @Test func failedRowsAreNotCounted() {
        var stream = DriftStream("failed", pValues: 200, level: 0.001)
        let failed = Judgement(verdict: .error, score: nil, threshold: 1, pValue: nil, detectors: [], failures: [])
        let alarm = stream.monitor.observe(failed, digest: "x", tie: 0.5)
        #expect(alarm == nil)
        #expect(stream.monitor.rows == 0)
        #expect(abs(stream.monitor.capital - 1) < 1e-12)
    }
}

@Suite("What a drift monitor is made of")
struct DriftPartsTests {
    /// Over uniform p-values no bet gains, whatever came before; and none loses.
    @Test func wagersAreFair() {
        let grid = 20_000
        var before = Wagers()
        for (round, pValue) in [0.01, 0.5, 0.02, 0.9, 0.04].enumerated() {
            let mean = (0..<grid).reduce(0.0) { sum, index in
                var next = before
                next.settle((Double(index) + 0.5) / Double(grid))
                return sum + next.capital / Double(grid)
            }
            #expect(abs(mean - before.capital) < 2e-4 * before.capital, "round \(round)")
            before.settle(pValue)
        }
    }

    @Test func noRowEarnsMoreThanHalf() {
        var wagers = Wagers()
        let generator = KeyedGenerator(seed: SHA256Digest(of: "half"))
        for round in 0..<5000 {
            let before = wagers.capital
            wagers.settle(round < 60 ? 1e-9 : DriftStream.uniform(generator))
            #expect(wagers.capital <= 1.5 * before)
            #expect(wagers.capital > 0)
        }
    }

    /// Smoothed p-values of exchangeable scores are uniform, tied or not, from the first row on.
    @Test(arguments: [nil, 0.1, 1, 5] as [Double?])
    func pValuesAreUniform(step: Double?) {
        let generator = KeyedGenerator(seed: SHA256Digest(of: "uniform \(step ?? 0)"))
        func score() -> Double {
            let number = NormalQuantile.value(DriftStream.uniform(generator)) * 3
            return step.map { (number / $0).rounded() * $0 } ?? number
        }
        var values: [Double] = []
        for _ in 0..<200 {
            let core = CalibrationCore(
                detectors: [("a", ["x"])],
                ranks: [[[0]], [[1]]],
                pValues: (0..<30).map { _ in [[score()]] }
            )
            // The scores themselves, not what a joint makes of them: any numbers will do.
            var bag = ScoreBag(core.chainScores)
            for _ in 0..<20 {
                values.append(bag.pValue(adding: core.score(of: [[score()]]), tie: DriftStream.uniform(generator)))
            }
        }
        let sorted = values.sorted()
        let distance = sorted.enumerated().reduce(0.0) {
            max($0, abs($1.element - Double($1.offset) / Double(sorted.count)))
        }
        #expect(distance * Double(sorted.count).squareRoot() < 1.95)
        #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
    }

    /// Cells are fine enough that order is kept from one part in sixty on, on both sides of zero and far out.
    @Test func cellsKeepTheOrder() {
        let core = CalibrationCore(detectors: [("a", ["x"])], ranks: [[[0]]], pValues: [[[0]]])
        for score in [-1e5, -40, -1, -0.1, 0, 0.1, 1, 3, 40, 1e5] as [Double] {
            var bag = ScoreBag(core.chainScores)
            _ = bag.pValue(adding: score, tie: 0.5)
            let more = score + max(abs(score) / 31, 1.0 / 32)
            // Above all three: only half of itself counts.
            let pValue = bag.pValue(adding: max(more, 0.05), tie: 0.5)
            #expect(pValue == 0.5 / 3, "\(score)")
        }
        for extreme in [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude, 0, -0.0, .leastNonzeroMagnitude] {
            var bag = ScoreBag(core.chainScores)
            let pValue = bag.pValue(adding: extreme, tie: 0.5)
            #expect(pValue > 0 && pValue < 1)
        }
    }
}
