import Foundation
import Logging
import PicketConfiguration
import PicketCrypto
import PicketDetection
import PicketEvaluation
import PicketEvents
import PicketRuntime
import PicketTensor
import Testing

/// The example's guard from request to outcome: real models, real plugins, the committed calibration.
@Suite(.serialized) struct GuardRuntimeTests {
    static func samples(_ file: String) throws -> Tensor {
        let path = ExampleGuard.folder.appending(path: "data").appending(path: file).path
        let pixels = try DataSet.load(path: path, picture: nil).x
        let numbers = pixels.elements(of: UInt8.self).map { Float($0) / 255 }
        return Tensor(numbers, shape: pixels.shape)
    }

    @Test func aRequestOfAnySizeTakesOnePassAModel() async throws {
        let configuration = try ExampleGuard.configuration()
        let store = try ModelStore(configuration, threads: 2)
        defer { store.close() }
        let target = try GuardedModel(
            configuration.chains[0],
            in: configuration,
            models: store,
            logger: Logger(label: "test")
        )
        let form = try #require(store.form(of: "fashion"))
        let rows = try form.canonicalRows(GuardRuntimeTests.samples("clean-test.npz").rows(0..<6))
        for count in [1, 6] {
            let evaluation = try await target.chain.evaluate(
                rows.rows(0..<count),
                servedOutputs: ["logits"],
                key: GoldenRow.drawKey
            )
            // A member has a pass each, on the input and two copies, and the autoencoder one; the served model's, on the
            // input and its five squeezed copies, waits for what the autoencoder redraws.
            #expect(evaluation.forwardPasses == 4)
        }
        #expect(target.chain.passesPerRequest == 4)
        #expect(target.chain.rowsPerRow == 14)
    }

    @Test func aVerdictDoesNotDependOnNeighbours() async throws {
        let guarded = try ExampleGuard {
            $0.chains[0].mode = .monitor
            $0.chains[0].disclose = .score
        }
        let rows = try Tensor.concatenatingRows([
            GuardRuntimeTests.samples("clean-test.npz").rows(0..<9),
            GuardRuntimeTests.samples("adversarial/deepfool-8bit.npz").rows(0..<4),
        ])
        guard case .answered(let together) = await guarded.ask(rows),
            case .score(let flagged, let scores, _) = together.disclosure
        else {
            Issue.record("monitor answers")
            return
        }
        #expect(flagged[9...].contains(true), "some of DeepFool's rows are flagged")
        for row in 0..<rows.rowCount {
            guard case .answered(let alone) = await guarded.ask(rows.rows(row..<row + 1)) else {
                Issue.record("monitor answers")
                continue
            }
            #expect(alone.disclosure == .score(flagged: [flagged[row]], scores: [scores[row]], record: nil))
            let expected: [Float] = together.outputs[0].tensor.row(row).elements()
            #expect(alone.outputs[0].tensor.elements() == expected)
        }
        await guarded.close()
    }

    @Test func enforceRejectsWhatItFlagsAndSaysSoInEvents() async throws {
        let guarded = try ExampleGuard()
        let rows = try GuardRuntimeTests.samples("adversarial/deepfool-8bit.npz").rows(0..<20)
        var rejected = 0
        for row in 0..<20 {
            if case .rejected = await guarded.ask(rows.rows(row..<row + 1)) { rejected += 1 }
        }
        #expect(rejected > 10)
        let figures = guarded.runtime.figures
        #expect(figures.requests == 20 && figures.rows == 20 && figures.passes == 80)
        #expect(figures.flagged == UInt64(rejected) && figures.waitingRows == 0)
        await guarded.close()
        let flagged = guarded.sink.events.filter { $0.kind == .flagged }
        #expect(flagged.count == rejected)
        #expect(guarded.sink.events.count { $0.kind == .rejected } == rejected)
        let event = try #require(flagged.first)
        #expect(event.model == "fashion" && event.request == "test" && event.row == 0)
        #expect(event.peer?.pid == 1 && event.peer?.uid == 2 && event.peer?.gid == 3)
        #expect(event.inputSHA256?.count == 64 && event.keyID?.count == 16 && event.action == .reject)
        #expect(
            event.detectors.map(\.name) == [
                "ensemble-disagreement", "transform-consistency", "feature-squeezing", "patch-likelihood", "denoising",
                "reconstruction",
            ]
        )
        #expect(try #require(event.score) > #require(event.threshold))
        #expect(try #require(event.pValue) <= 0.05)
    }

    @Test func wrongRequestsAreRefusedWithTheirReason() async throws {
        let guarded = try ExampleGuard { $0.limits.queue = 8 }
        let rows = try GuardRuntimeTests.samples("clean-test.npz").rows(0..<9)
        var wrong = rows.rows(0..<2)
        wrong.withUnsafeMutableElements(of: Float.self) { $0[1000] = .nan }
        let cases: [(InferenceOutcome, RequestFault)] = [
            (await guarded.ask(rows.rows(0..<1), model: "other"), .unknownModel("other")),
            (await guarded.ask(rows), .tooLarge(field: "rows", found: 9, limit: 8)),
            (
                await guarded.ask(wrong),
                .invalid(field: "input[1000]", found: "nan", expected: "a pixel from 0.0 to 1.0")
            ),
            (
                await guarded.ask(rows.rows(0..<0)),
                .invalid(field: "inputs[0].shape", found: "0 rows", expected: "1 row or more")
            ),
        ]
        for (outcome, fault) in cases {
            guard case .refused(let found) = outcome else {
                Issue.record("expected \(fault)")
                continue
            }
            #expect(found == fault)
        }
        guard case .refused(.deadlinePassed) = await guarded.ask(rows.rows(0..<1), within: .zero) else {
            Issue.record("a request past its deadline is refused")
            return
        }
        #expect(guarded.runtime.figures.waitingRows == 0)
        guarded.runtime.stopAdmitting()
        guard case .refused(.notReady) = await guarded.ask(rows.rows(0..<1)) else {
            Issue.record("a leaving daemon refuses")
            return
        }
        await guarded.close()
    }

    @Test func theGoldenRowComesOutRight() async throws {
        let guarded = try ExampleGuard()
        #expect(await guarded.runtime.selfCheck() == .passed)
        await guarded.close()
    }

    @Test func enforceNeedsACalibrationOfThisChain() async throws {
        let events = EventQueue(sinks: [])
        func fault(_ change: (inout Configuration) -> Void) throws -> String {
            let configuration = try ExampleGuard.configuration(change)
            let faults = #expect(throws: ConfigurationFaults.self) {
                _ = try GuardRuntime(configuration, events: events, logger: Logger(label: "test"))
            }
            return faults?.description ?? ""
        }
        #expect(try fault { $0.chains[0].calibration.resolved += ".missing" }.contains("No such file"))
        #expect(try fault { $0.chains[0].falsePositiveRate = 0.04 }.contains("0.05"))
        #expect(try fault { $0.chains[0].detectors.removeLast() }.contains("detector reconstruction"))
        #expect(
            try fault { $0.chains[0].detectors[2].configuration = #"{"squeezers":[{"bit-depth":2}]}"# }
                .contains("detector feature-squeezing differs")
        )
        #expect(try fault { $0.models[0].file.resolved = $0.models[1].file.resolved }.contains("model fashion differs"))
        #expect(
            try fault {
                $0.models[1].output = ModelOutput(kind: .probabilities)
            }.contains("input and output of model fashion-b differs")
        )
        await events.close()
    }

    @Test func monitorStartsWithoutACalibrationAndFlagsNothing() async throws {
        let guarded = try ExampleGuard {
            $0.chains[0].mode = .monitor
            $0.chains[0].disclose = .verdict
            $0.chains[0].calibration.resolved += ".missing"
        }
        let rows = try GuardRuntimeTests.samples("adversarial/deepfool-8bit.npz").rows(0..<8)
        guard case .answered(let answer) = await guarded.ask(rows) else {
            Issue.record("monitor answers")
            return
        }
        #expect(answer.disclosure == .none)
        #expect(answer.outputs.map(\.name) == ["logits"])
        await guarded.close()
        #expect(guarded.sink.events.isEmpty)
    }
}
