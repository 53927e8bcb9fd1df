import PicketEvents

/// Turns reports into events beside the requests' path: every request hands over one, whatever its verdict, so that time
/// does not tell which was flagged.
final class Reporter: Sendable {
    /// Reports that may wait; a report takes the time of some microseconds to write, a request that of a chain.
    private static let capacity = 4096

    /// Makes events and figures of a report.
    private let submit: @Sendable (Report) -> Void
    private let reports: AsyncStream<Report>.Continuation
    private let writer: Task<Void, Never>

    init(events: EventQueue, keyID: String, drift: DriftWatch, metrics: GuardMetrics) {
        submit = { report in
            for event in report.events(keyID: keyID) { events.submit(event) }
            if let event = drift.observe(report) {
                metrics.countDrift(of: report.model)
                events.submit(event)
            }
            metrics.count(report, evidence: drift.evidence(of: report.model))
        }
        let (stream, continuation) = AsyncStream.makeStream(
            of: Report.self,
            bufferingPolicy: .bufferingOldest(Reporter.capacity)
        )
        reports = continuation
        writer = Task { [submit] in
            for await report in stream { submit(report) }
        }
    }

    /// Hands a report over. Never waits; where too many wait already, the events are made here, and none is lost.
    func report(_ report: Report) {
        switch reports.yield(report) {
        case .enqueued: break
        default: submit(report)
        }
    }

    /// Returns when all reports have become events.
    func close() async {
        reports.finish()
        await writer.value
    }
}
