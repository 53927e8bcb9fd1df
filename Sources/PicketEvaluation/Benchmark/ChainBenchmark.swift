public import Logging
public import PicketConfiguration
import PicketCrypto
import PicketDetection
import PicketInference
import PicketRuntime
import PicketTensor
import Synchronization

/// `picket bench --config`: what guarding a row costs over a plain inference, and over its own passes, in this process.
public struct ChainBenchmark {
    /// What is measured takes turns of this length, so that all see the same machine, and requests follow one another as a
    /// client's do.
    private static let turnLength = Duration.milliseconds(25)

    /// Memory that made requests may take together; there is one at least.
    private static let madeBytes = 64 << 20

    private let configuration: Configuration
    private let model: String
    private let cleanPath: String?
    private let logger: Logger

    /// - Parameter cleanPath: Samples to send, an `.npz` file or a folder of pictures; made ones where it is nil.
    public init(_ configuration: Configuration, model: String, cleanPath: String? = nil, logger: Logger) {
        self.configuration = configuration
        self.model = model
        self.cleanPath = cleanPath
        self.logger = logger
    }

    /// Times the chain, the plain model and the chain's passes, turn by turn.
    ///
    /// - Parameters:
    ///   - rows: of a request.
    ///   - threads: worker threads; the configuration's where nil.
    /// - Throws: what keeps the chain from running, or a ``DataSetFault``.
    public func run(rows: Int, threads: Int?, for duration: Duration) async throws -> Figures {
        let policy = try configuration.policy(forModel: model)
        let store = try ModelStore(configuration, threads: threads)
        defer { store.close() }
        let target = try GuardedModel(policy, in: configuration, models: store, logger: logger)
        let requests = Requests(try requests(rows, of: target))
        let passes = target.chain.plannedPasses.compactMap { pass in
            store.model(named: pass.model).map { RepeatedPass(of: $0, rows: pass.rowsPerRow * rows) }
        }
        let plain = RepeatedPass(of: target.model, rows: rows)
        let key = try GuardRuntime.key(of: configuration)
        let ask: @Sendable () async throws -> Void = {
            _ = try await target.chain.evaluate(
                requests.next(),
                servedOutputs: target.outputNames,
                key: key,
                judge: target.verdicts?.judge
            )
        }
        var times = Times()
        let clock = ContinuousClock()
        let end = clock.now + duration
        repeat {
            times.chain += try await Self.turn { try await ask() }
            times.plain += try await Self.turn { try plain.run() }
            times.passes += try await Self.turn { for pass in passes { try pass.run() } }
            times.busy.append(try await Self.busy(threads: store.threadCount, ask))
        } while clock.now < end
        return times.figures(target, rows: rows, threads: store.threadCount)
    }

    /// How long each call takes, one after the other, for a turn; one call at least.
    private static func turn(_ call: () async throws -> Void) async throws -> [Duration] {
        let clock = ContinuousClock()
        let end = clock.now + turnLength
        var times: [Duration] = []
        var begin = clock.now
        repeat {
            try await call()
            let now = clock.now
            times.append(begin.duration(to: now))
            begin = now
        } while begin < end
        return times
    }

    /// A turn of twice as many requests in flight as there are threads.
    ///
    /// - Returns: the time between two answers, times the threads.
    private static func busy(threads: Int, _ ask: @escaping @Sendable () async throws -> Void) async throws -> Duration
    {
        let clock = ContinuousClock()
        let begin = clock.now
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<2 * threads { group.addTask { try await ChainBenchmark.turn(ask).count } }
            return try await group.reduce(0, +)
        }
        return begin.duration(to: clock.now) * threads / answers
    }

    /// Canonical rows of several requests, which differ as a client's do.
    private func requests(_ rows: Int, of target: GuardedModel) throws -> [Tensor] {
        guard let cleanPath else {
            let shape = target.chain.subject.rowShape
            let bytes = rows * shape.elementCount * MemoryLayout<Float>.size
            return (0..<max(1, min(64, Self.madeBytes / bytes))).map {
                RepeatedPass.sample(shape, rows: rows, seed: $0)
            }
        }
        let form = target.model.form
        let data = try DataSet.load(path: cleanPath, picture: PictureFormat(form))
        let samples = try DataSetRows(data, form: form, path: cleanPath)
        guard samples.count >= rows else {
            throw DataSetFault("\(cleanPath): \(samples.count) samples, expected \(rows) as a request has rows")
        }
        return try (0..<min(samples.count / rows, 1024)).map { try samples.rows($0 * rows..<($0 + 1) * rows) }
    }
}

/// What is sent, one after the other whoever asks: a turn too short for a second request would send the first one for ever.
private final class Requests: Sendable {
    private let all: [Tensor]
    private let sent = Atomic(0)

    init(_ all: [Tensor]) { self.all = all }

    func next() -> Tensor { all[sent.add(1, ordering: .relaxed).oldValue % all.count] }
}

/// Times of each call, in their order.
private struct Times {
    var chain: [Duration] = []
    var plain: [Duration] = []
    var passes: [Duration] = []
    var busy: [Duration] = []

    func figures(_ target: GuardedModel, rows: Int, threads: Int) -> ChainBenchmark.Figures {
        let chain = Self.warm(chain)
        let plain = Self.warm(plain)
        let passes = Self.middle(Self.warm(passes))
        let busy = Self.middle(Self.warm(busy))
        return ChainBenchmark.Figures(
            model: target.model.facts.name,
            threads: threads,
            rows: rows,
            passesPerRequest: target.chain.passesPerRequest,
            rowsPerRequest: target.chain.rowsPerRow,
            plainMilliseconds: Self.middle(plain),
            passesMilliseconds: passes,
            chainMilliseconds: Self.middle(chain),
            chainP99Milliseconds: chain[min(chain.count * 99 / 100, chain.count - 1)],
            busyMilliseconds: busy,
            ratio: Self.middle(chain) / Self.middle(plain),
            overhead: Self.middle(chain) / passes,
            busyOverhead: busy / passes
        )
    }

    /// Milliseconds, ascending, without the first tenth, which warmed up.
    private static func warm(_ times: [Duration]) -> [Double] {
        times.dropFirst(times.count / 10).map { $0 / .milliseconds(1) }.sorted()
    }

    private static func middle(_ ascending: [Double]) -> Double { ascending[ascending.count / 2] }
}
