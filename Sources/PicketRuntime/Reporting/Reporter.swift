import PicketEvents

/// Turns reports into events beside the requests' path: every request hands over one, whatever its verdict, so that time
/// does not tell which was flagged.
final class Reporter: Sendable {
    /// Reports that may wait; a report takes the time of some microseconds to write, a request that of a chain.
    private static let capacity = 4096

    private let events: EventQueue
    private let keyID: String
    private let drift: DriftWatch
    private let reports: AsyncStream<Report>.Continuation
    private let writer: Task<Void, Never>

    init(events: EventQueue, keyID: String, drift: DriftWatch) {
        self.events = events
        self.keyID = keyID
        self.drift = drift
        let (stream, continuation) = AsyncStream.makeStream(
            of: Report.self,
            bufferingPolicy: .bufferingOldest(Reporter.capacity)
        )
        reports = continuation
        writer = Task {
            for await report in stream { Reporter.submit(report, to: events, keyID: keyID, drift: drift) }
        }
    }

    /// Hands a report over. Never waits; where too many wait already, the events are made here, and none is lost.
    func report(_ report: Report) {
        switch reports.yield(report) {
        case .enqueued: break
        default: Reporter.submit(report, to: events, keyID: keyID, drift: drift)
        }
    }

    /// Returns when all reports have become events.
    func close() async {
        reports.finish()
        await writer.value
    }

    private static func submit(_ report: Report, to events: EventQueue, keyID: String, drift: DriftWatch) {
        for event in report.events(keyID: keyID) { events.submit(event) }
        if let event = drift.observe(report) { events.submit(event) }
    }
}
