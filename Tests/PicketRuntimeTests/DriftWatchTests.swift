import PicketConfiguration
import PicketEvents
import PicketRuntime
import PicketTensor
import Testing

/// Drift from request to event, on the example.
@Suite(.serialized) struct DriftWatchTests {
    /// The example's clean test rows, as a client sends them; inverted, they are pictures that calibration never saw.
    private static func rows(_ range: Range<Int>, inverted: Bool = false) throws -> Tensor {
        var rows = try GuardRuntimeTests.samples("clean-test.npz").rows(range)
        guard inverted else { return rows }
        rows.withUnsafeMutableElements(of: Float.self) { elements in
            for index in elements.indices { elements[index] = 1 - elements[index] }
        }
        return rows
    }

    private static func send(_ guarded: ExampleGuard, inverted: Bool) async throws {
        for start in stride(from: 0, to: 300, by: 50) {
            let rows = try rows(start..<start + 50, inverted: inverted)
            guard case .answered = await guarded.ask(rows) else {
                Issue.record("monitor answers")
                return
            }
        }
    }

    @Test func aDriftIsToldOnceAndSuspendsThePromise() async throws {
        let guarded = try ExampleGuard { $0.chains[0].mode = .monitor }
        try await Self.send(guarded, inverted: false)
        try await Self.send(guarded, inverted: true)
        try await Self.send(guarded, inverted: true)
        // Reports become events beside the requests' path.
        await guarded.runtime.close()
        #expect(guarded.runtime.figures.suspendedPromises == ["fashion"])
        await guarded.events.close()
        #expect(guarded.metrics.counterTotal(label: "picket_drift_suspected_total") == 1)
        let evidence = try guarded.metrics.expectGauge("picket_drift_evidence", [("model", "fashion")]).values
        #expect(evidence.count == 18 && evidence.allSatisfy { (0...1).contains($0) })
        #expect(evidence[..<6].allSatisfy { $0 < 1 } && evidence.last == 1, "1 is the alarm, and it stays")
        let events = guarded.sink.events.filter { $0.kind == .driftSuspected }
        #expect(events.count == 1)
        let event = try #require(events.first)
        #expect(event.model == "fashion")
        let rows = try #require(event.count)
        #expect(rows > 300 && rows <= 400, "the first inverted hundred is enough: \(rows)")
        let detector = try #require(event.detector)
        #expect(guarded.runtime.models.map(\.name) == ["fashion"] && !detector.isEmpty)
        #expect(event.details["component"]?.isEmpty == false)
        #expect(event.details["direction"] == "more suspicious")
        #expect(event.details["busiest_sender"] == "pid 1 uid 2: 256 of the last 256 rows")
        #expect(event.details["senders"] == "1")
        #expect(Double(event.details["martingale"] ?? "") ?? 0 >= Double(event.details["martingale_limit"] ?? "") ?? 1)
        #expect(event.message.contains("drift suspected after \(rows) rows"))
    }

    @Test func cleanRowsAreNoDrift() async throws {
        let guarded = try ExampleGuard { $0.chains[0].mode = .monitor }
        try await Self.send(guarded, inverted: false)
        // The same pictures again: a client that repeats itself.
        try await Self.send(guarded, inverted: false)
        await guarded.close()
        #expect(guarded.runtime.figures.suspendedPromises == [])
        #expect(!guarded.sink.events.contains { $0.kind == .driftSuspected })
        #expect(guarded.metrics.counterTotal(label: "picket_drift_suspected_total") == 0)
    }

    @Test func nobodyWatchesWhereItIsOff() async throws {
        let guarded = try ExampleGuard {
            $0.chains[0].mode = .monitor
            $0.chains[0].driftLevel = nil
        }
        try await Self.send(guarded, inverted: true)
        try await Self.send(guarded, inverted: true)
        await guarded.close()
        #expect(guarded.runtime.figures.suspendedPromises == [])
        #expect(!guarded.sink.events.contains { $0.kind == .driftSuspected })
        #expect(try guarded.metrics.expectGauge("picket_drift_evidence", [("model", "fashion")]).values == [])
    }
}
