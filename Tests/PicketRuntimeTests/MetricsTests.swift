import Foundation
import MetricsTestKit
import PicketTensor
import Testing

/// What the guard counts, on the example.
@Suite(.serialized) struct MetricsTests {
    private static func requests(_ guarded: ExampleGuard) -> [String: Int64] {
        Dictionary(
            ["pass", "flag", "error", "none"].map { verdict in
                let labels = [("model", "fashion"), ("verdict", verdict)]
                return (verdict, guarded.metrics.counterTotal(label: "picket_requests_total", dimensions: labels))
            }
        ) { first, _ in first }
    }

    @Test func requestsByVerdict() async throws {
        let guarded = try ExampleGuard()
        let clean = try GuardRuntimeTests.samples("clean-test.npz")
        let attacked = try GuardRuntimeTests.samples("adversarial/fgsm-0.15-8bit.npz")
        var rejected: Int64 = 0
        for row in 0..<8 {
            if case .rejected = await guarded.ask(clean.rows(row..<row + 1)) { rejected += 1 }
        }
        if case .rejected = await guarded.ask(attacked.rows(0..<16)) { rejected += 1 }
        // Asks for no verdict, and gets none.
        _ = await guarded.ask(clean.rows(0..<1), model: "nobody")
        await guarded.close()
        let found = Self.requests(guarded)
        #expect(rejected >= 1, "an obvious attack is flagged")
        #expect(found == ["pass": 9 - rejected, "flag": rejected, "error": 0, "none": 0])
        let rows = guarded.metrics.counterTotal(label: "picket_rows_flagged_total", dimensions: [("model", "fashion")])
        #expect(rows == Int64(guarded.runtime.figures.flagged) && rows >= rejected)
    }

    /// No calibration, no verdict; the meters are there all the same.
    @Test func withoutACalibration() async throws {
        let guarded = try ExampleGuard {
            $0.chains[0].mode = .monitor
            $0.chains[0].calibration.resolved = "/nowhere/fashion.json"
        }
        _ = await guarded.ask(try GuardRuntimeTests.samples("clean-test.npz").rows(0..<2))
        await guarded.close()
        #expect(Self.requests(guarded) == ["pass": 0, "flag": 0, "error": 0, "none": 1])
        #expect(guarded.metrics.counters(label: "picket_drift_suspected_total").count == 1)
    }
}
