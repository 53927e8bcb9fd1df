public import Logging
public import PicketConfiguration
import PicketDetection
import PicketInference
import PicketRuntime
import PicketTensor

/// `picket bench --config`: what guarding a row costs over a plain inference, in this process.
public struct ChainBenchmark {
    /// What was measured.
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
        /// The chain and the judge on the same rows.
        public var chainMilliseconds: Double
        /// 99 of 100 times are no longer.
        public var chainP99Milliseconds: Double
        /// Chain over plain.
        public var ratio: Double

        enum CodingKeys: String, CodingKey {
            case model, threads, rows, ratio
            case passesPerRequest = "passes_per_request"
            case rowsPerRequest = "rows_per_request"
            case plainMilliseconds = "plain_p50_ms"
            case chainMilliseconds = "chain_p50_ms"
            case chainP99Milliseconds = "chain_p99_ms"
        }
    }

    private let configuration: Configuration
    private let model: String
    private let logger: Logger

    public init(_ configuration: Configuration, model: String, logger: Logger) {
        self.configuration = configuration
        self.model = model
        self.logger = logger
    }

    /// Times the chain and the plain model, turn by turn, so that both see the same machine.
    public func run(rows: Int, threads: Int?, for duration: Duration) async throws -> Figures {
        let policy = try configuration.policy(forModel: model)
        let store = try ModelStore(configuration, threads: threads)
        defer { store.close() }
        let target = try GuardedModel(policy, in: configuration, models: store, logger: logger)
        let session = Session(target.model.compiled)
        let key = try GuardRuntime.key(of: configuration)
        let clock = ContinuousClock()
        let end = clock.now + duration
        var plain: [Duration] = []
        var chain: [Duration] = []
        var seed = 0
        repeat {
            seed += 1
            let batch = sample(target.chain.subject.rowShape, rows: rows, seed: seed)
            let begin = clock.now
            let evaluation = try await target.chain.evaluate(batch, servedOutputs: target.outputNames, key: key)
            _ = try target.verdicts?.judge.judge(evaluation.rows)
            let middle = clock.now
            _ = try session.run(rows: rows) { index, row in
                batch.row(index).withUnsafeElements(of: Float.self) { target.model.form.feed($0, into: row[0]) }
            }
            chain.append(begin.duration(to: middle))
            plain.append(middle.duration(to: clock.now))
        } while clock.now < end
        // The first tenth warmed up.
        plain = plain.dropFirst(plain.count / 10).sorted()
        chain = chain.dropFirst(chain.count / 10).sorted()
        let plainMedian = plain[plain.count / 2] / .milliseconds(1)
        let chainMedian = chain[chain.count / 2] / .milliseconds(1)
        return Figures(
            model: model,
            threads: store.threadCount,
            rows: rows,
            passesPerRequest: target.chain.passesPerRequest,
            rowsPerRequest: target.chain.rowsPerRow,
            plainMilliseconds: plainMedian,
            chainMilliseconds: chainMedian,
            chainP99Milliseconds: chain[min(chain.count * 99 / 100, chain.count - 1)] / .milliseconds(1),
            ratio: chainMedian / plainMedian
        )
    }

    /// Pictures of blocks that no two requests share, on the 8-bit grid.
    private func sample(_ shape: Shape, rows: Int, seed: Int) -> Tensor {
        let numbers = (0..<rows * shape.elementCount).map { index in
            Float((index / 7 &* 31 &+ seed &* 17) & 255) / 255
        }
        return Tensor(numbers, shape: Shape([rows] + shape.dimensions))
    }
}
