import PicketInference

extension CoreBenchmark {
    /// One turn of a benchmark that lets several programs take turns on the same machine: passes of so many rows, for so
    /// long, one at least.
    public struct Turn: Sendable, Hashable {
        public let rows: Int
        public let seconds: Double

        /// Reads `ROWS SECONDS`.
        ///
        /// - Returns: nil where the line is something else.
        public init?(_ line: String) {
            let words = line.split(separator: " ")
            guard words.count == 2, let rows = Int(words[0]), (1...CompiledModel.maximumBatch).contains(rows),
                let seconds = Double(words[1]), seconds >= 0, seconds <= 3600
            else { return nil }
            self.rows = rows
            self.seconds = seconds
        }
    }

    /// Milliseconds of each pass of a turn.
    public func times(_ turn: Turn) throws -> [Double] {
        try measure(rows: turn.rows, for: .seconds(turn.seconds)).map { $0 / .milliseconds(1) }
    }
}
