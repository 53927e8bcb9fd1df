/// One thing that happened, as it is told to the journal and to the file of events.
///
/// Every field but the first three is optional, and left out of the encodings where nil.
public struct Event: Hashable, Sendable {
    /// Version of the fields' meaning.
    public static let schema = 1

    public enum Action: String, CaseIterable, Hashable, Sendable {
        /// Answered as if nothing had been flagged.
        case allow
        /// The whole request was refused.
        case reject
        /// Answered without the outputs of flagged rows.
        case withhold
    }

    public var kind: EventKind
    public var timestamp: Timestamp
    public var model: String?
    /// The id that the sender gave the request, or the one that it was given.
    public var request: String?
    /// Index of the row in its request, from 0.
    public var row: Int?
    public var peer: Peer?
    /// SHA-256 of the canonical row, 64 hexadecimal digits.
    public var inputSHA256: String?
    public var prediction: Prediction?
    /// The chain's score of the row; higher is more suspicious.
    public var score: Double?
    /// The score from which on the row is flagged.
    public var threshold: Double?
    /// The chain's conformal p-value of the row, in (0, 1].
    public var pValue: Double?
    public var detectors: [DetectorEvidence] = []
    public var action: Action?
    /// Name of the record in quarantine.
    public var record: String?
    /// Which key the random draws came from.
    public var keyID: String?
    /// The detector that failed.
    public var detector: String?
    /// How many: rows flagged of a rejected request, events dropped, events suppressed.
    public var count: Int?
    /// Why, in words.
    public var reason: String?
    /// Further facts of the kind: digests, versions, paths.
    public var details: [String: String] = [:]

    public init(_ kind: EventKind, at timestamp: Timestamp = .now()) {
        self.kind = kind
        self.timestamp = timestamp
    }
}

/// The process at the other end of a connection, as the kernel told it when the connection was made.
public struct Peer: Hashable, Sendable {
    public var pid: Int32
    public var uid: UInt32
    public var gid: UInt32

    public init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }
}

/// What the model said of the row.
public struct Prediction: Hashable, Sendable {
    /// Index of the likeliest class.
    public var label: Int
    /// Its probability, in [0, 1].
    public var confidence: Double

    public init(label: Int, confidence: Double) {
        self.label = label
        self.confidence = confidence
    }
}

/// What one detector found in the row.
public struct DetectorEvidence: Hashable, Sendable {
    public struct Component: Hashable, Sendable {
        public var name: String
        public var value: Double

        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    public var name: String
    /// The family's joint score, where there is one.
    public var score: Double?
    public var pValue: Double?
    /// In the detector's order.
    public var components: [Component]
    /// What the detector reports of the row beside its components, and no rank sees: a certified radius, say.
    public var facts: [Component]

    public init(
        name: String,
        score: Double?,
        pValue: Double?,
        components: [Component],
        facts: [Component] = []
    ) {
        self.name = name
        self.score = score
        self.pValue = pValue
        self.components = components
        self.facts = facts
    }
}
