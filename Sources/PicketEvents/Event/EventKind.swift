/// What happened, in the past tense.
public enum EventKind: String, CaseIterable, Hashable, Sendable {
    /// A row was flagged.
    case flagged
    /// A request was refused because of the guard: a flagged row, or a failed detector under the closed policy.
    case rejected
    /// A detector gave an error instead of components.
    case detectorFailed = "detector_failed"
    /// Live inputs are no longer like those of the calibration: what it promises is suspended.
    case driftSuspected = "drift_suspected"
    /// A chain was calibrated.
    case calibrated
    /// The configuration was read anew.
    case reloaded
    case started
    case stopped
    /// The queue was full: so many events were lost.
    case eventsDropped = "events_dropped"
    /// One peer caused more events than its share: so many were counted instead of written.
    case peerSuppressed = "peer_suppressed"

    /// The journal's `MESSAGE_ID`; `deploy/picket.catalog` explains each. An id never changes its meaning.
    public var messageID: String {
        switch self {
        case .flagged: "c8ff1e1b9c7a492a91964fe9a5d468d5"
        case .rejected: "ba27048a55da427bb0dec9b32d1e9a18"
        case .detectorFailed: "83710d5bd3094f17bce722fbb1ffcdc0"
        case .driftSuspected: "80d6153f25e146f4ba24b3f08ba8697b"
        case .calibrated: "992fc7767c56493cbccaaff5477bbc74"
        case .reloaded: "c9589a2090254db3ae8c5c706d440c4d"
        case .started: "564a9ac86c4e46a5ae5cee5167830094"
        case .stopped: "43aeda28c8974f56b14b47f9a6f7227c"
        case .eventsDropped: "121918201c274fe69e0bd4bfeac835e2"
        case .peerSuppressed: "42b92764398c46608b2a416b90f86875"
        }
    }

    /// Severity as in syslog(3): 3 error, 4 warning, 5 notice, 6 informational.
    public var priority: Int {
        switch self {
        case .detectorFailed, .eventsDropped: 3
        case .flagged, .rejected, .driftSuspected, .peerSuppressed: 4
        case .calibrated, .reloaded: 5
        case .started, .stopped: 6
        }
    }
}
