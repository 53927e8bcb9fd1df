/// Where events end. Called from one thread at a time, which may block.
public protocol EventSink: Sendable {
    /// Names the sink in counters.
    var name: String { get }

    /// Writes the events in order and says how many got there; failing ones are lost and never stop those behind them.
    func write(_ events: [Event]) -> SinkResult

    /// Called once, after the last write.
    func close()
}

/// What became of some events in one sink.
public struct SinkResult: Hashable, Sendable {
    public var written: Int
    public var failed: Int

    public init(written: Int, failed: Int) {
        self.written = written
        self.failed = failed
    }
}
