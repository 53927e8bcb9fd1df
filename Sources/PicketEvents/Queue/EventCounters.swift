/// What became of events since the queue was made.
///
/// For each sink, `written + failed` equals `submitted + own − dropped − suppressed` once the queue is drained.
public struct EventCounters: Hashable, Sendable {
    public struct Sink: Hashable, Sendable {
        public var name: String
        public var written = 0
        public var failed = 0

        public init(name: String, written: Int = 0, failed: Int = 0) {
            self.name = name
            self.written = written
            self.failed = failed
        }
    }

    /// Handed to the queue.
    public var submitted = 0
    /// Lost because the queue was full or closed.
    public var dropped = 0
    /// Counted instead of written because one peer caused too many.
    public var suppressed = 0
    /// Made by the queue itself, to tell of dropped and suppressed ones.
    public var own = 0
    public var sinks: [Sink] = []

    public init() {}

    /// Of all sinks together.
    public var written: Int { sinks.reduce(0) { $0 + $1.written } }
    /// Of all sinks together.
    public var failed: Int { sinks.reduce(0) { $0 + $1.failed } }
}
