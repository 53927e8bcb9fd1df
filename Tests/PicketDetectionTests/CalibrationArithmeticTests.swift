import Foundation
import PicketDetection
import Testing

/// `Tests/Cases/calibration/cases.json`: reference values by numpy and scipy.
struct CalibrationCases: Decodable {
    struct Joint: Decodable {
        var clean: [[[Double]]]
        var fresh: [[[Double]]]
        var families: [[Double]]
        var scores: [Double]
        var methods: [Method]
    }

    struct Method: Decodable {
        var method: JointMethod
        var scores: [Double]
    }

    var incompleteBeta: [[Double]]
    var normalQuantile: [[Double]]
    var normalTail: [[Double]]
    var ranks: [[Double]]
    var joint: Joint

    static func load() throws -> CalibrationCases {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = ProbePlugin.root.appending(path: "Tests/Cases/calibration/cases.json")
        return try decoder.decode(CalibrationCases.self, from: Data(contentsOf: file))
    }
}

@Suite("Arithmetic of calibration, held to numpy and scipy")
struct CalibrationArithmeticTests {
    @Test func incompleteBeta() throws {
        let cases = try CalibrationCases.load().incompleteBeta
        #expect(cases.count > 100)
        for entry in cases {
            let found = IncompleteBeta.regularized(entry[0], a: entry[1], b: entry[2])
            // lgamma of half a million costs seven of sixteen digits; a threshold's rank needs four.
            #expect(abs(found - entry[3]) <= 1e-8 * max(entry[3], 1e-3), "I_\(entry[0])(\(entry[1]), \(entry[2]))")
        }
    }

    @Test func normalQuantile() throws {
        for entry in try CalibrationCases.load().normalQuantile {
            let found = NormalQuantile.value(entry[0])
            #expect(abs(found - entry[1]) <= 1e-13 * max(1, abs(entry[1])), "quantile of \(entry[0])")
        }
    }

    @Test func normalTail() throws {
        for entry in try CalibrationCases.load().normalTail {
            let found = NormalTail.logProbability(above: entry[0])
            #expect(abs(found - entry[1]) <= 1e-11 * abs(entry[1]), "ln P(Z > \(entry[0]))")
        }
    }

    @Test func methods() throws {
        let joint = try CalibrationCases.load().joint
        func rows(_ families: [[[Double]]]) -> [[[Double]]] {
            families[0].indices.map { row in families.map { $0[row] } }
        }
        #expect(joint.methods.map(\.method) == JointMethod.allCases)
        for expected in joint.methods {
            let core = CalibrationCore(
                method: expected.method,
                detectors: joint.clean.map { (name: "", components: $0[0].map { _ in "" }) },
                ranks: rows(joint.clean),
                pValues: rows(joint.fresh)
            )
            for (row, score) in zip(rows(joint.fresh), expected.scores) {
                #expect(abs(core.score(of: row) - score) <= 1e-9 * max(1, abs(score)), "\(expected.method)")
            }
        }
    }

    @Test(arguments: [(59, 0.95), (1, 0.95), (2500, 0.95), (2500, 0), (19, 0), (300, 0.5), (100_000, 0.999)])
    func smallestRate(samples: Int, confidence: Double) throws {
        let anyRate = try Promise(rate: 0.5, confidence: confidence)
        let smallest = anyRate.smallestRate(sampleCount: samples)
        if smallest <= 0.5 {
            let carried = try Promise(rate: smallest * (1 + 1e-9), confidence: confidence)
            #expect(carried.rank(sampleCount: samples) == 1)
            #expect(carried.guarantee == (confidence == 0 ? .marginal : .trainingConditional))
        }
        let less = smallest * (1 - 1e-6)
        if less <= 0.5 {
            #expect(try Promise(rate: less, confidence: confidence).rank(sampleCount: samples) == nil)
        }
    }

    @Test func ranks() throws {
        let cases = try CalibrationCases.load().ranks
        #expect(cases.contains([2500, 0.05, 0.95, 107]) && cases.contains([2500, 0.01, 0, 25]))
        for entry in cases {
            let promise = try Promise(rate: entry[1], confidence: entry[2])
            #expect(promise.rank(sampleCount: Int(entry[0])) ?? 0 == Int(entry[3]), "\(entry)")
        }
    }

    @Test(arguments: [
        (0.05, 0.95, 59), (0.01, 0.95, 299), (0.05, 0.0, 19), (0.01, 0.0, 99), (0.01, 0.99, 459), (0.001, 0.95, 2995),
    ])
    func neededSamples(rate: Double, confidence: Double, expected: Int) throws {
        let promise = try Promise(rate: rate, confidence: confidence)
        #expect(promise.neededSampleCount() == expected)
        #expect(promise.rank(sampleCount: expected) == 1)
        #expect(promise.rank(sampleCount: expected - 1) == nil)
    }

    /// Rows of a request of n are held to rate / n each; the largest request is the last that the samples carry.
    @Test func perRequest() throws {
        let promise = try Promise(rate: 0.05, confidence: 0.95, unit: .request)
        let byRow = try Promise(rate: 0.01, confidence: 0.95)
        #expect(promise.rank(sampleCount: 1000, rowsInRequest: 5) == byRow.rank(sampleCount: 1000))
        let largest = try #require(promise.largestRequest(sampleCount: 1000))
        #expect(largest == 16)
        #expect(promise.rank(sampleCount: 1000, rowsInRequest: largest) != nil)
        #expect(promise.rank(sampleCount: 1000, rowsInRequest: largest + 1) == nil)
        #expect(byRow.largestRequest(sampleCount: 1000) == nil)
        #expect(byRow.rank(sampleCount: 1000, rowsInRequest: 500) == byRow.rank(sampleCount: 1000))
    }

    @Test(arguments: [(0.0, 0.95), (-0.1, 0.95), (0.6, 0.95), (.nan, 0.95), (0.05, -0.1), (0.05, 1.0), (0.05, .nan)])
    func noPromise(rate: Double, confidence: Double) {
        #expect(throws: CalibrationFault.self) { try Promise(rate: rate, confidence: confidence) }
    }

    @Test func joint() throws {
        let joint = try CalibrationCases.load().joint
        func rows(_ families: [[[Double]]]) -> [[[Double]]] {
            families[0].indices.map { row in families.map { $0[row] } }
        }
        let detectors = joint.clean.enumerated().map { index, family in
            (name: "family-\(index)", components: family[0].indices.map { "component-\($0)" })
        }
        let core = CalibrationCore(detectors: detectors, ranks: rows(joint.clean), pValues: rows(joint.fresh))
        for (index, row) in rows(joint.fresh).enumerated() {
            let expected = joint.scores[index]
            #expect(abs(core.score(of: row) - expected) <= 1e-9 * max(1, expected), "row \(index)")
            for (detector, score) in core.detectorScores(of: row).enumerated() {
                #expect(abs(score - joint.families[detector][index]) <= 1e-9 * max(1, abs(score)))
            }
        }
        #expect(core.chainScores.ascending == core.chainScores.ascending.sorted())
        #expect(core.chainScores.count == joint.scores.count)
    }

    /// Scores never fall as numbers grow, and stay finite whatever comes.
    @Test func normalScoresAreMonotone() {
        for samples in [[0, 0, 0], [1, 2, 2, 5], [-3, -1, 0, 7], [0, 0, 1e-300, 1e300], [5], [-1e308, 1e308]]
            as [[Double]]
        {
            let table = RankTable(samples, allowsLogarithm: true)
            let numbers: [Double] = [
                -Double.greatestFiniteMagnitude, -1e308, -10, -1, -1e-9, 0, 1e-308, 1e-300, 1e-9, 0.5, 1, 1.5, 2, 3, 5,
                7,
                8, 1e6, 1e300, 1e308, Double.greatestFiniteMagnitude,
            ]
            let scores = numbers.map { table.normalScore(of: $0) }
            #expect(scores.allSatisfy { $0.isFinite }, "\(samples)")
            #expect(scores == scores.sorted(), "\(samples): \(scores)")
        }
        let table = RankTable([1, 2, 3], allowsLogarithm: false)
        #expect(table.normalScore(of: 5) > table.normalScore(of: 4))
        #expect(table.normalScore(of: 4) > table.normalScore(of: 3))
        #expect(abs(table.normalScore(of: 2)) < 1e-12)
    }
}
