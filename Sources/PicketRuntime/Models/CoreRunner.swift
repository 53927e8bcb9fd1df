import PicketDetection
import PicketInference
import PicketTensor

/// What each worker thread keeps: a session for every model it has run, and room for one row.
final class WorkerState {
    private var sessions: [String: (model: CompiledModel, session: Session)] = [:]
    private var row: [Float] = []

    func session(of name: String, for model: CompiledModel) -> Session {
        // A model that was compiled anew gets a session anew; the old one goes.
        if let known = sessions[name], known.model === model { return known.session }
        let session = Session(model)
        sessions[name] = (model, session)
        return session
    }

    /// Room for a canonical row on its way to a model that takes another form; valid for the call.
    func withRow<Value>(_ count: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Value) rethrows -> Value {
        if row.count < count { row = [Float](repeating: 0, count: count) }
        return try row.withUnsafeMutableBufferPointer { try body(UnsafeMutableBufferPointer(rebasing: $0[..<count])) }
    }
}

/// Runs models of the configuration on the native core.
///
/// A request's work goes to one thread of the pool (``CoreWorker``). Sessions are single-threaded, so that a pass has no
/// barrier inside.
final class CoreRunner: ModelRunner {
    private let models: [String: LoadedModel]
    private let pool: WorkerPool<WorkerState>

    init(models: [LoadedModel], threads: Int) {
        self.models = Dictionary(models.map { ($0.name, $0) }) { first, _ in first }
        pool = WorkerPool(threadCount: threads) { WorkerState() }
    }

    var threadCount: Int { pool.threadCount }

    func facts(of model: String) -> ModelFacts? { models[model]?.facts }

    func prepare(_ model: String, layers: [String]) throws {
        try models[model]?.keep(layers)
    }

    func onThread<Value: Sendable>(
        _ body: @escaping @Sendable (any Worker) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let errand = Errand(deadline: RequestDeadline.current)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isAccepted = pool.submit { [self] state in
                    let worker = CoreWorker(models: models, pool: pool, state: state, errand: errand)
                    continuation.resume(
                        with: Result {
                            try errand.check()
                            return try body(worker)
                        }
                    )
                }
                if !isAccepted { continuation.resume(throwing: RunnerClosed()) }
            }
        } onCancel: {
            errand.cancel()
        }
    }

    /// Ends the threads after what is queued has run. Blocks.
    func close() { pool.close() }
}

/// The daemon is leaving, and its threads have gone.
struct RunnerClosed: Error {}
