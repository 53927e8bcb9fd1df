import PicketDetection
import PicketInference
import PicketTensor

/// What each worker thread keeps: a session for every model it has run, and room for one row.
struct WorkerState {
    private var sessions: [String: (model: CompiledModel, session: Session)] = [:]
    /// A canonical row on its way to a model that takes another form.
    var row: [Float] = []

    mutating func session(of name: String, for model: CompiledModel) -> Session {
        // A model that was compiled anew gets a session anew; the old one goes.
        if let known = sessions[name], known.model === model { return known.session }
        let session = Session(model)
        sessions[name] = (model, session)
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

    func prepare(_ model: String, layers: [String]) throws {
        try models[model]?.keep(layers)
    }

    func run(_ pass: Pass, fill: @escaping RowFill, take: @escaping LayerTake) async throws -> PassOutput {
        guard let model = models[pass.model] else { preconditionFailure("the chain runs models that exist") }
        // Both of one form of the model, which may be exchanged at any time.
        let runnable = model.runnable.withLock { $0 }
        let shares = Shares(
            rows: pass.rowCount,
            threads: pool.threadCount,
            smallest: model.smallestShare,
            largest: runnable.largestPass
        )
        let parts = try await gather(shares.ranges) { range, state in
            let session = state.session(of: model.name, for: runnable.compiled)
            return try CoreRunner.run(pass, rows: range, session, model.form, room: &state.row, fill, take)
        }
        let tensors = pass.tensors.indices.map { index in Tensor.concatenatingRows(parts.map { $0[index] }) }
        let batches = (pass.rowCount + runnable.largestPass - 1) / runnable.largestPass
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

    /// - Parameter room: for one canonical row.
    private static func run(
        _ pass: Pass,
        rows: Range<Int>,
        _ session: Session,
        _ form: RowForm,
        room: inout [Float],
        _ fill: RowFill,
        _ take: LayerTake
    ) throws -> [Tensor] {
        func taking(_ index: Int, _ layer: Int, _ elements: UnsafeBufferPointer<Float>) {
            take(rows.lowerBound + index, layer, elements)
        }
        let count = form.canonicalShape.elementCount
        if form.isFedAsSeen {
            func fillRow(_ index: Int, _ row: InputRow) {
                // The input is float32, so its memory is aligned for, and holds, `count` of them.
                fill(rows.lowerBound + index, row[0].assumingMemoryBound(to: Float.self))
            }
            return try session.run(
                rows: rows.count,
                outputs: pass.tensors,
                layers: pass.layers,
                fill: fillRow,
                take: taking
            )
        }
        if room.count < count { room = [Float](repeating: 0, count: count) }
        return try room.withUnsafeMutableBufferPointer { buffer in
            let canonical = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            func fillRow(_ index: Int, _ row: InputRow) {
                fill(rows.lowerBound + index, canonical)
                form.feed(UnsafeBufferPointer(canonical), into: row[0])
            }
            return try session.run(
                rows: rows.count,
                outputs: pass.tensors,
                layers: pass.layers,
                fill: fillRow,
                take: taking
            )
        }
    }
}

/// The daemon is leaving, and its threads have gone.
struct RunnerClosed: Error {}
