import Foundation
import PicketCrypto
import PicketDetection
import PicketTensor
import Testing

/// Clean rows in memory.
struct RowsInMemory: CleanRows {
    var tensor: Tensor
    var labels: [Int64]?
    var groups: [Int64]?

    var count: Int { tensor.rowCount }

    func rows(at indices: [Int]) throws -> Tensor {
        .concatenatingRows(indices.map { tensor.rows($0..<$0 + 1) })
    }

    func label(at index: Int) -> Int64? { labels?[index] }
}

@Suite("Calibrating a chain")
struct CalibratorTests {
    static let created = "2024-05-01T12:00:00Z"

    static func calibrator(_ modes: [String], flags: [String] = [], rate: Double = 0.05) throws -> Calibrator {
        Calibrator(
            try ChainFixture.specification(modes, flags: flags),
            promise: try Promise(rate: rate, confidence: 0.9),
            runner: FakeRunner(),
            key: ChainFixture.key,
            log: { _, _, _ in }
        )
    }

    static func outcome(
        _ modes: [String] = ["plain", "drawn"],
        flags: [String] = []
    ) async throws -> CalibrationOutcome {
        try await calibrator(modes, flags: flags).calibrate(
            on: RowsInMemory(tensor: ChainFixture.rows(240, from: 1)),
            created: created,
            progress: { _ in }
        )
    }

    /// What the calibrated chain flags of fresh rows of the same kind, and that verdicts agree with p-values.
    @Test func cleanRowsPass() async throws {
        let outcome = try await CalibratorTests.outcome()
        #expect(outcome.file.counts.fit == 0)
        #expect(outcome.file.counts.ranks == 90)
        #expect(outcome.file.counts.pValues == 150)
        let judge = Judge(outcome.file)
        let evaluation = try await outcome.chain.evaluate(
            ChainFixture.rows(200, from: 1000),
            servedOutputs: [],
            key: ChainFixture.otherKey
        )
        let judgements = try judge.judge(evaluation.rows)
        let limit = Double(outcome.file.strata[0].rank) / Double(outcome.file.counts.pValues + 1)
        for judgement in judgements {
            let score = try #require(judgement.score)
            let pValue = try #require(judgement.pValue)
            #expect((judgement.verdict == .flag) == (score > judgement.threshold))
            #expect((judgement.verdict == .flag) == (pValue <= limit + 1e-12))
            #expect(judgement.detectors.map(\.name) == ["plain", "drawn"])
            #expect(judgement.detectors.allSatisfy { $0.isFlagged == ($0.pValue <= limit + 1e-12) })
            #expect(judgement.detectors[0].components.map(\.name) == ["first"])
        }
        #expect(judgements.count { $0.verdict == .flag } < 40)
        #expect(evaluation.judgements.isEmpty, "nobody was asked")
    }

    /// A judge who is asked on the way says what one says afterwards, of repeated rows too.
    @Test func judgesOnTheWay() async throws {
        let outcome = try await CalibratorTests.outcome()
        let judge = Judge(outcome.file)
        let rows = ChainFixture.rows(200, from: 1000)
        let evaluation = try await outcome.chain.evaluate(
            Tensor.concatenatingRows([rows, rows.rows(50..<150)]),
            servedOutputs: [],
            key: ChainFixture.otherKey,
            judge: judge
        )
        #expect(evaluation.judgements == (try judge.judge(evaluation.rows)))
        #expect(Set(evaluation.judgements.map(\.verdict)).count == 2, "some of 200 rows are flagged at 5 %")
    }

    @Test func failureIsAnErrorNeverAPass() async throws {
        let outcome = try await CalibratorTests.outcome(["fail-row"])
        let evaluation = try await outcome.chain.evaluate(
            ChainFixture.rows(2),
            servedOutputs: [],
            key: ChainFixture.key
        )
        let judgements = try Judge(outcome.file).judge(evaluation.rows)
        #expect(judgements[0].verdict == .error)
        #expect(judgements[0].score == nil && judgements[0].pValue == nil)
        #expect(judgements[0].failures == [DetectorFailure(detector: "fail-row", reason: "score says no")])
        #expect(judgements[1].verdict != .error)
    }

    @Test func repeatable() async throws {
        let one = try await CalibratorTests.outcome()
        let other = try await CalibratorTests.outcome()
        let bytes = try one.file.encoded()
        #expect(try other.file.encoded() == bytes)
    }

    @Test func detectorsLearn() async throws {
        let outcome = try await CalibratorTests.outcome(["learn", "plain"], flags: ["-DLEARNS"])
        #expect(outcome.file.counts.fit == 48)
        #expect(outcome.states.keys.sorted() == ["learn", "plain"])
        let state = try #require(outcome.states["learn"])
        #expect(state.count == 8)
        let learnt = state.withUnsafeBytes { $0.loadUnaligned(as: Double.self) }
        // The mean of the first class's probability over the rows for fitting, computed here.
        let split = CalibrationSplit(rowCount: 240, groups: nil, shares: .standard, learns: true, seed: 0)
        let rows = ChainFixture.rows(240, from: 1)
        let expected = split.fit.reduce(0.0) { sum, row in
            let logits = FakeRunner.logits(rows.row(row).elements(of: Float.self), model: "served").map {
                exp(Double($0))
            }
            return sum + logits[0] / logits.reduce(0, +) / Double(split.fit.count)
        }
        #expect(abs(learnt - expected) < 1e-6)
        let evaluation = try await outcome.chain.evaluate(rows.rows(0..<1), servedOutputs: [], key: ChainFixture.key)
        #expect(try #require(ChainFixture.components(evaluation.rows[0].outcomes[0]))[0] > 0)
        #expect(outcome.file.states.map(\.sha256).allSatisfy { $0 == SHA256Digest(of: state).hex })
    }

    /// Rows that a detector can't learn from are a fault of the data.
    @Test func refusedRowsAreACalibrationFault() async throws {
        let fault = await #expect(throws: CalibrationFault.self) {
            try await CalibratorTests.outcome(["fail-fit"], flags: ["-DLEARNS"])
        }
        #expect(fault == .fit("detector \"fail-fit\", fit: fit says no"))
    }

    @Test func tooFewRowsSayHowMany() async throws {
        let calibrator = try CalibratorTests.calibrator(["plain"], rate: 0.01)
        let fault = await #expect(throws: CalibrationFault.self) {
            try await calibrator.calibrate(
                on: RowsInMemory(tensor: ChainFixture.rows(240, from: 1)),
                created: Self.created,
                progress: { _ in }
            )
        }
        guard case .tooFewSamples(let few)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(few.given == 240 && few.pValues == 150)
        #expect(few.neededPValues == 230)
        #expect(few.needed == 367)
        #expect(
            fault?.description
                == "240 clean rows leave 150 for p-values: a false-positive rate of 0.01 with confidence 0.9 needs 367 "
                + "clean rows (230 for p-values); 150 carry a rate of 0.0153 at least"
        )
    }

    @Test func cleanRowThatFailsIsNamed() async throws {
        let calibrator = try CalibratorTests.calibrator(["fail-row"])
        await #expect(throws: CalibrationFault.detectorFailed(detector: "fail-row", row: 0, reason: "score says no")) {
            try await calibrator.calibrate(
                on: RowsInMemory(tensor: ChainFixture.rows(240)),
                created: Self.created,
                progress: { _ in }
            )
        }
    }

    @Test func progressReachesTheEnd() async throws {
        let seen = Shared<[CalibrationProgress]>([])
        _ = try await CalibratorTests.calibrator(["plain"]).calibrate(
            on: RowsInMemory(tensor: ChainFixture.rows(240, from: 1)),
            created: Self.created
        ) { progress in seen.value.withLock { $0.append(progress) } }
        let steps = seen.value.withLock { $0 }
        #expect(steps.first == CalibrationProgress(step: .evaluating, done: 0, total: 240))
        #expect(steps.last == CalibrationProgress(step: .evaluating, done: 240, total: 240))
        #expect(steps.map(\.done) == steps.map(\.done).sorted())
    }

    /// The self-check passes on the chain that was calibrated, with any key, and sees a model that answers otherwise.
    @Test func goldenRow() async throws {
        let outcome = try await CalibratorTests.outcome()
        var golden = outcome.file.golden
        let evaluation = try await outcome.chain.evaluate(golden.rows, servedOutputs: [], key: GoldenRow.drawKey)
        #expect(golden.difference(from: evaluation.rows[0], detectors: outcome.chain.detectors) == nil)
        golden.components[0][0] += 0.01
        let difference = golden.difference(from: evaluation.rows[0], detectors: outcome.chain.detectors)
        #expect(difference?.contains("component first of detector \"plain\"") == true)
        var failed = evaluation.rows[0]
        failed.outcomes[1] = .failed("no memory")
        #expect(
            outcome.file.golden.difference(from: failed, detectors: outcome.chain.detectors)?.contains("no memory")
                == true
        )
    }

    @Test func largeRequestsAreRefusedPerRequest() async throws {
        var calibrator = try CalibratorTests.calibrator(["plain"])
        calibrator.promise = try Promise(rate: 0.05, confidence: 0, unit: .request)
        let outcome = try await calibrator.calibrate(
            on: RowsInMemory(tensor: ChainFixture.rows(240, from: 1)),
            created: Self.created,
            progress: { _ in }
        )
        let judge = Judge(outcome.file)
        #expect(judge.largestRequest == 7)
        let evaluation = try await outcome.chain.evaluate(
            ChainFixture.rows(8, from: 1),
            servedOutputs: [],
            key: ChainFixture.key
        )
        #expect(throws: CalibrationFault.requestTooLarge(rows: 8, largest: 7)) { try judge.judge(evaluation.rows) }
        await #expect(throws: CalibrationFault.requestTooLarge(rows: 8, largest: 7)) {
            try await outcome.chain.evaluate(
                ChainFixture.rows(8, from: 1),
                servedOutputs: [],
                key: ChainFixture.key,
                judge: judge
            )
        }
        let few = try judge.judge(Array(evaluation.rows.prefix(7)))
        let one = try judge.judge(Array(evaluation.rows.prefix(1)))
        #expect(few[0].threshold >= one[0].threshold)
        #expect(few[0].threshold == outcome.file.chainScores.threshold(rank: 1))
    }
}
