import PicketDetection
import PicketInference
import PicketTensor

/// What each worker thread keeps: a session for every model it has run, and room for one row.
struct WorkerState {
    private var sessions: [String: Session] = [:]
    /// A canonical row on its way to a model that takes another form.
    var row: [Float] = []

    mutating func session(for model: LoadedModel) -> Session {
        if let session = sessions[model.name] { return session }
        let session = Session(model.compiled)
        sessions[model.name] = session
        return session
    }
}

/// Runs models of the configuration on the native core: every pass is cut into shares of rows, one a worker thread.
///
/// Sessions are single-threaded, so that a pass has no barrier inside; a row's bits are the same in every share.
final class CoreRunner: ModelRunner {
    private let models: [String: LoadedModel]
    private let pool: WorkerPool<WorkerState>

    init(models: [LoadedModel], threads: Int) {
        self.models = Dictionary(models.map { ($0.name, $0) }) { first, _ in first }
        pool = WorkerPool(threadCount: threads) { WorkerState() }
    }

    var threadCount: Int { pool.threadCount }

    func facts(of model: String) -> ModelFacts? { models[model]?.facts }

    func run(_ pass: Pass, fill: @escaping RowFill, take: @escaping LayerTake) async throws -> PassOutput {
        guard let model = models[pass.model] else { preconditionFailure("the chain runs models that exist") }
        let shares = Shares(
            rows: pass.rowCount,
            threads: pool.threadCount,
            smallest: model.smallestShare,
            largest: model.largestPass
        )
        let parts = try await gather(shares.ranges) { range, state in
            try CoreRunner.run(model, rows: range, tensors: pass.tensors, state: &state, fill: fill)
        }
        let tensors = pass.tensors.indices.map { index in Tensor.concatenatingRows(parts.map { $0[index] }) }
        let batches = (pass.rowCount + model.largestPass - 1) / model.largestPass
        return PassOutput(tensors: tensors, forwardPasses: batches)
    }

    func perform(count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) async throws {
        let shares = Shares(rows: count, threads: pool.threadCount, smallest: 1, largest: count)
        _ = try await gather(shares.ranges) { range, _ in
            for index in range { body(index) }
        }
    }

    /// Ends the threads after what is queued has run. Blocks.
    func close() { pool.close() }

    /// Runs `body` for every range on the worker threads; nothing begins after the request's deadline.
    private func gather<Value: Sendable>(
        _ ranges: [Range<Int>],
        _ body: @escaping @Sendable (Range<Int>, inout WorkerState) throws -> Value
    ) async throws -> [Value] {
        let deadline = RequestDeadline.current
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            let gathering = Gathering<Value>(count: ranges.count, continuation)
            for (index, range) in ranges.enumerated() {
                let accepted = pool.submit { state in
                    gathering.finish(
                        index,
                        Result {
                            try deadline?.check()
                            if gathering.hasFailed { throw CancellationError() }
                            return try body(range, &state)
                        }
                    )
                }
                if !accepted { gathering.finish(index, .failure(RunnerClosed())) }
            }
        }
    }

    private static func run(
        _ model: LoadedModel,
        rows: Range<Int>,
        tensors: [String],
        state: inout WorkerState,
        fill: RowFill
    ) throws -> [Tensor] {
        let session = state.session(for: model)
        let form = model.form
        let count = form.canonicalShape.elementCount
        if form.isFedAsSeen {
            return try session.run(rows: rows.count, outputs: tensors) { index, row in
                // The input is float32, so its memory is aligned for, and holds, `count` of them.
                fill(rows.lowerBound + index, row[0].assumingMemoryBound(to: Float.self))
            }
        }
        if state.row.count < count { state.row = [Float](repeating: 0, count: count) }
        return try state.row.withUnsafeMutableBufferPointer { buffer in
            let canonical = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            return try session.run(rows: rows.count, outputs: tensors) { index, row in
                fill(rows.lowerBound + index, canonical)
                form.feed(UnsafeBufferPointer(canonical), into: row[0])
            }
        }
    }
}

/// The daemon is leaving, and its threads have gone.
struct RunnerClosed: Error {}
