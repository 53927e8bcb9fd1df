extension ChainBenchmark {
    /// What was measured; its JSON is a contract, to which keys may be added.
    public struct Figures: Sendable, Encodable {
        /// The guarded model's name.
        public var model: String
        /// Worker threads.
        public var threads: Int
        /// Rows of a request.
        public var rows: Int
        /// Forward passes that a request takes.
        public var passesPerRequest: Int
        /// Rows of all these passes together, for a request of one row.
        public var rowsPerRequest: Int
        /// The served model alone on the request's rows, on one thread: half of the times are no longer.
        public var plainMilliseconds: Double
        /// The chain's passes alone, one after the other, each of as many rows as a request gives it, on one thread: half of
        /// the times are no longer.
        public var passesMilliseconds: Double
        /// From handing a request to the chain until its verdicts are there, one request after another.
        public var chainMilliseconds: Double
        /// 99 of 100 times are no longer.
        public var chainP99Milliseconds: Double
        /// How long a request keeps a worker thread busy: the time between two answers, times the threads, while there are
        /// always requests that wait.
        public var busyMilliseconds: Double
        /// Chain over plain.
        public var ratio: Double
        /// Chain over its passes.
        public var overhead: Double
        /// Busy time over passes.
        public var busyOverhead: Double

        enum CodingKeys: String, CodingKey {
            case model, threads, rows, ratio, overhead
            case passesPerRequest = "passes_per_request"
            case rowsPerRequest = "rows_per_request"
            case plainMilliseconds = "plain_p50_ms"
            case passesMilliseconds = "passes_p50_ms"
            case chainMilliseconds = "chain_p50_ms"
            case chainP99Milliseconds = "chain_p99_ms"
            case busyMilliseconds = "busy_ms"
            case busyOverhead = "busy_overhead"
        }
    }
}
