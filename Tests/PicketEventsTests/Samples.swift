import Dispatch
import Foundation
import PicketEvents
import Synchronization
import Testing

enum Samples {
    /// 2026-01-31T23:59:59.000001Z.
    static let time = Timestamp(microseconds: 1_769_903_999_000_001)
    static let peer = Peer(pid: 4242, uid: 1000, gid: 100)

    static var flagged: Event {
        var event = Event(.flagged, at: time)
        event.model = "fashion"
        event.request = "r-1"
        event.row = 3
        event.peer = peer
        event.inputSHA256 = String(repeating: "ab", count: 32)
        event.prediction = Prediction(label: 9, confidence: 0.75)
        event.score = 12.5
        event.threshold = 9.25
        event.pValue = 0.001
        event.detectors = [
            DetectorEvidence(
                name: "feature-squeezing",
                score: 2.5,
                pValue: 0.01,
                components: [.init(name: "median-2", value: 0.5), .init(name: "bit-depth-1", value: 1.75)]
            )
        ]
        event.action = .reject
        event.record = "2026/01/r-1-3"
        event.keyID = "c0ffee"
        return event
    }

    static func object(_ event: Event) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any])
    }

    static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("picket-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

/// Remembers what it was given; can be held back.
final class MemorySink: EventSink {
    let name = "memory"
    private let events = Mutex<[Event]>([])
    private let gate: DispatchSemaphore?
    let entered = DispatchSemaphore(value: 0)
    private let closed = Mutex(0)

    /// - Parameter isHeld: every write waits for one ``release()``.
    init(isHeld: Bool = false) {
        gate = isHeld ? DispatchSemaphore(value: 0) : nil
    }

    func release() { gate?.signal() }

    var written: [Event] { events.withLock { $0 } }
    var closes: Int { closed.withLock { $0 } }

    func write(_ events: [Event]) -> SinkResult {
        entered.signal()
        gate?.wait()
        self.events.withLock { $0 += events }
        return SinkResult(written: events.count, failed: 0)
    }

    func close() { closed.withLock { $0 += 1 } }
}
