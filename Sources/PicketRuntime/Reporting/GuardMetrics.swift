import CoreMetrics

/// What the guard counts, through swift-metrics: whoever bootstraps a backend sees it.
///
/// - `picket_requests_total` {model, verdict}: requests that came to a verdict: `pass`, `flag` (a row was flagged),
///   `error` (a detector failed on a row), or `none` where no calibration vouches for one.
/// - `picket_rows_flagged_total` {model}.
/// - `picket_drift_evidence` {model}: how near live rows are to a drift's alarm, 0 to 1.
/// - `picket_drift_suspected_total` {model}: alarms, one a model until a restart.
///
/// Counted beside the requests' path, where events are made.
struct GuardMetrics: Sendable {
    /// How a request ended.
    enum Verdict: String, CaseIterable, Sendable {
        case pass, flag, error, none

        init(_ decision: Decision) {
            if decision.judgements.isEmpty {
                self = .none
            } else if decision.judgements.contains(where: { $0.verdict == .error }) {
                self = .error
            } else {
                self = decision.flagged.contains(true) ? .flag : .pass
            }
        }
    }

    private struct Meters: Sendable {
        let requests: [Verdict: Counter]
        let flaggedRows: Counter
        let driftEvidence: Gauge
        let drifts: Counter
    }

    private let meters: [String: Meters]

    /// - Parameter models: the guarded ones; all of their meters are there from the start.
    init(_ models: [String], factory: any MetricsFactory) {
        meters = Dictionary(
            models.map { model in
                let of = [("model", model)]
                let requests = Verdict.allCases.map { verdict in
                    let labels = of + [("verdict", verdict.rawValue)]
                    return (verdict, Counter(label: "picket_requests_total", dimensions: labels, factory: factory))
                }
                return (
                    model,
                    Meters(
                        requests: Dictionary(uniqueKeysWithValues: requests),
                        flaggedRows: Counter(label: "picket_rows_flagged_total", dimensions: of, factory: factory),
                        driftEvidence: Gauge(label: "picket_drift_evidence", dimensions: of, factory: factory),
                        drifts: Counter(label: "picket_drift_suspected_total", dimensions: of, factory: factory)
                    )
                )
            }
        ) { first, _ in first }
    }

    /// - Parameter evidence: of a drift, after these rows; nil where nobody watches.
    func count(_ report: Report, evidence: Double?) {
        guard let meters = meters[report.model] else { return }
        meters.requests[Verdict(report.decision)]?.increment()
        let flagged = report.decision.flagged.count { $0 }
        if flagged > 0 { meters.flaggedRows.increment(by: flagged) }
        if let evidence { meters.driftEvidence.record(evidence) }
    }

    func countDrift(of model: String) { meters[model]?.drifts.increment() }
}
