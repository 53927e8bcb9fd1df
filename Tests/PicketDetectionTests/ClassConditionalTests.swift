import PicketCrypto
import PicketDetection
import PicketTensor
import Testing

@Suite("A promise for every predicted class")
struct ClassConditionalTests {
    /// Rows of ``ChainFixture`` that the fake model predicts as classes 0 to 3, a number of each.
    static func rows(_ counts: [Int], from first: Int = 1) -> Tensor {
        var left = counts
        var kept: [Tensor] = []
        let pool = ChainFixture.rows(4000, from: first)
        for row in 0..<pool.rowCount {
            let label = label(pool.row(row))
            if left[label] > 0 {
                left[label] -= 1
                kept.append(pool.rows(row..<row + 1))
            }
        }
        precondition(left.allSatisfy { $0 == 0 }, "the pool has enough of every class")
        return .concatenatingRows(kept)
    }

    static func label(_ row: Tensor) -> Int {
        let logits = FakeRunner.logits(row.elements(of: Float.self), model: "served")
        return logits.indices.max { logits[$0] < logits[$1] } ?? 0
    }

    static func outcome(
        _ counts: [Int],
        rate: Double = 0.2,
        unit: Promise.Unit = .row
    ) async throws
        -> CalibrationOutcome
    {
        var calibrator = try CalibratorTests.calibrator(["plain"])
        calibrator.promise = try Promise(rate: rate, confidence: 0, unit: unit, isClassConditional: true)
        return try await calibrator.calibrate(
            on: RowsInMemory(tensor: rows(counts)),
            created: CalibratorTests.created,
            progress: { _ in }
        )
    }

    /// Each row is held against the clean rows of its own class, by verdict and p-value.
    @Test func rowsAreJudgedWithinTheirClass() async throws {
        let outcome = try await Self.outcome([60, 40, 30, 30])
        let file = outcome.file
        #expect(file.strata.map(\.label) == [0, 1, 2, 3])
        #expect(file.strata.reduce(0) { $0 + $1.chain.count } == file.counts.pValues)
        #expect(file.chainScores.count == file.counts.pValues)
        let judge = Judge(file)
        let fresh = Self.rows([10, 10, 10, 10], from: 2000)
        let evaluation = try await outcome.chain.evaluate(fresh, servedOutputs: [], key: ChainFixture.otherKey)
        var thresholds: Set<Double> = []
        for (row, judgement) in zip(evaluation.rows, try judge.judge(evaluation.rows, rowsInRequest: 1)) {
            let stratum = file.strata[try #require(row.prediction).label]
            let score = try #require(judgement.score)
            #expect(judgement.threshold == stratum.threshold)
            #expect(judgement.pValue == stratum.chain.pValue(of: score))
            #expect(judgement.detectors[0].pValue == stratum.detectors[0].pValue(of: judgement.detectors[0].score))
            #expect((judgement.verdict == .flag) == (score > stratum.threshold))
            thresholds.insert(judgement.threshold)
        }
        #expect(thresholds.count == 4)
        let bytes = try file.encoded()
        #expect(try CalibrationFile(decoding: bytes) == file)
        #expect(file.mismatches(with: outcome.chain, promise: file.promise) == [])
    }

    @Test func aRowWithoutAClassIsAnError() async throws {
        let outcome = try await Self.outcome([60, 40, 30, 30])
        var evaluation = try await outcome.chain.evaluate(
            ChainFixture.rows(1, from: 1),
            servedOutputs: [],
            key: ChainFixture.key
        )
        evaluation.rows[0].prediction = nil
        let judgement = try Judge(outcome.file).judge(evaluation.rows)[0]
        #expect(judgement.verdict == .error)
        #expect(judgement.failures.map(\.detector) == ["class-conditional"])
    }

    @Test func aClassWithTooFewRowsIsNamed() async throws {
        let fault = await #expect(throws: CalibrationFault.self) { try await Self.outcome([60, 40, 2, 30]) }
        guard case .tooFewInClasses(let few)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(few.needed == 4 && few.given == 132)
        #expect(few.shortages.map(\.label) == [2] && few.shortages[0].found < 4)
        #expect(
            fault?.description.contains("of class 2; a false-positive rate of 0.2 on average in every class needs 4")
                == true
        )
    }

    @Test func tooFewRowsForAllClassesAreRefusedAtOnce() async throws {
        let fault = await #expect(throws: CalibrationFault.self) {
            try await Self.outcome([30, 30, 30, 30], rate: 0.01)
        }
        #expect(
            fault?.description
                == "120 clean rows leave 75 for p-values: a false-positive rate of 0.01 on average needs 633 clean rows "
                + "(396 for p-values, 99 of each of 4 classes where they come evenly)"
        )
    }

    /// A request's rows may be of any class, so the class that resolves least bounds it.
    @Test func theRarestClassBoundsRequests() async throws {
        let file = try await Self.outcome([60, 40, 30, 30], unit: .request).file
        let fewest = try #require(file.strata.map(\.chain.count).min())
        let judge = Judge(file)
        #expect(judge.largestRequest == file.promise.largestRequest(sampleCount: fewest))
        #expect(try judge.rank(rowsInRequest: 1) == file.promise.rank(sampleCount: fewest))
    }

    /// Classes of quite different scores: within each, flags of fresh rows keep the rate with the confidence asked.
    @Test func everyClassKeepsTheRate() throws {
        let generator = KeyedGenerator(seed: SHA256Digest(of: "classes"))
        func uniform() -> Double { (Double(generator.next() >> 11) + 0.5) / 9_007_199_254_740_992 }
        let promise = try Promise(rate: 0.1, confidence: 0.9, isClassConditional: true)
        let rounds = 300
        var broken = [0, 0, 0]
        for _ in 0..<rounds {
            func row(_ label: Int) -> [[Double]] { [[uniform() * [1, 2, 10][label]], [uniform()]] }
            let labels = (0..<300).map { _ in Int(uniform() * 3) }
            let core = CalibrationCore(
                detectors: [("a", ["x"]), ("b", ["y"])],
                ranks: (0..<60).map { _ in row(Int(uniform() * 3)) },
                pValues: labels.map(row)
            )
            let strata = core.strata(labels: labels) { count in
                guard let rank = promise.rank(sampleCount: count) else {
                    preconditionFailure("some hundred rows of a class carry a rate of a tenth")
                }
                return rank
            }
            for label in 0..<3 {
                let flagged = (0..<1000).count { _ in core.score(of: row(label)) > strata[label].threshold }
                // Half a standard deviation of a thousand draws beyond the rate: the share over it is then exact enough.
                if Double(flagged) > 100 + 0.5 * 9.5 { broken[label] += 1 }
            }
        }
        let allowed = Double(rounds) * 0.1
        #expect(broken.allSatisfy { Double($0) <= allowed + 3.1 * allowed.squareRoot() }, "\(broken)")
    }
}
