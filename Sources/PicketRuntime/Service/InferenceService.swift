/// The guarded models as the faces of the daemon see them: what they accept, and one asynchronous call that answers a
/// request. Knows neither sockets nor wire formats, so that HTTP, gRPC and tests ask it alike.
///
/// Every member may be called from any thread. The synchronous ones are called on event loops: they neither block nor
/// take longer than a lock and a dictionary look-up.
public protocol InferenceService: Sendable {
    /// The models that clients may ask for, in the configuration's order; ensemble members with `serve: false` are not
    /// among them.
    var models: [ServedModel] { get }

    /// The served model of that name, or nil where there is none.
    func model(named name: String) -> ServedModel?

    /// Whether models, plugins and calibrations are loaded and requests are accepted.
    var isReady: Bool { get }

    /// Counts for the status line; each only ever grows, but for what waits.
    var figures: ServiceFigures { get }

    /// Runs model and chain over a request and decides what its sender gets.
    ///
    /// Called on an event loop's task executor: what comes before the first suspension, and between suspensions, runs on
    /// the thread of the connection and holds up its neighbours, so that long work belongs to threads of the service's
    /// own. That makes one hop there and one back.
    ///
    /// Never throws: every fault is an outcome. Where the calling task is cancelled (its sender has gone), the request
    /// is dropped from the queue if it has not begun, and ``RequestFault/cancelled`` comes back.
    func infer(_ request: InferenceRequest) async -> InferenceOutcome

    /// Sends the calibration's golden row of every guarded model through queue, chain and judge, as a request would
    /// go, and compares what comes out with what the calibration recorded.
    func selfCheck() async -> SelfCheckOutcome
}

/// Whether a daemon that checks itself found itself whole.
public enum SelfCheckOutcome: Sendable, Hashable {
    case passed
    /// A sentence that says which model's golden row came out how, and what was expected.
    case failed(String)
}

/// What has happened since the start, for the status line.
public struct ServiceFigures: Sendable, Hashable {
    /// Requests that `infer` has answered, whatever the outcome.
    public var requests: UInt64 = 0
    /// Rows that were judged.
    public var rows: UInt64 = 0
    /// Forward passes of all models that judged requests took.
    public var passes: UInt64 = 0
    /// Rows that were flagged.
    public var flagged: UInt64 = 0
    /// Requests that a fault kept from an answer.
    public var refused: UInt64 = 0
    /// Rows waiting right now.
    public var waitingRows: Int = 0
    /// Models whose calibration promises nothing for the time being, since their live rows are no longer like its own.
    public var suspendedPromises: [String] = []

    public init() {}
}
