import PicketDetection
import PicketInference
import PicketTensor
import Synchronization

/// A thread of the pool at work for a request: passes are cut into shares of rows, which it and idle threads take one by
/// one. A row's bits are the same in every share.
struct CoreWorker: Worker {
    let models: [String: LoadedModel]
    let pool: WorkerPool<WorkerState>
    /// This thread's.
    let state: WorkerState
    let errand: Errand

    func run(_ jobs: [PassJob]) throws -> [PassOutput] {
        let passes = jobs.map { job in
            guard let model = models[job.pass.model] else { preconditionFailure("the chain runs models that exist") }
            return SharedPass(job, model, threads: pool.threadCount)
        }
        let pieces = passes.indices.flatMap { pass in passes[pass].shares.map { (pass: pass, rows: $0) } }
        let parts = try gather(pieces.count) { index, state in
            try passes[pieces[index].pass].run(rows: pieces[index].rows, state)
        }
        var start = 0
        return passes.map { pass in
            let own = parts[start..<start + pass.shares.count]
            start += pass.shares.count
            let tensors = pass.job.pass.tensors.indices.map { index in
                Tensor.concatenatingRows(own.map { $0[index] })
            }
            return PassOutput(tensors: tensors, forwardPasses: pass.forwardPasses)
        }
    }

    func perform(count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) throws {
        let errand = errand
        pool.perform(count: count, with: state) { index, _ in
            if !errand.isOver { body(index) }
        }
        // An errand that was over before the last call still is.
        try errand.check()
    }

    /// The values of all pieces of work; none begins after the errand's end, or after another one failed.
    private func gather<Value: Sendable>(
        _ count: Int,
        _ piece: @escaping @Sendable (_ index: Int, _ state: WorkerState) throws -> Value
    ) throws -> [Value] {
        let errand = errand
        let gathering = Mutex(Gathering<Value>(count: count))
        pool.perform(count: count, with: state) { index, state in
            guard !errand.isOver, gathering.withLock({ $0.failure == nil }) else { return }
            let result = Result { try piece(index, state) }
            gathering.withLock { $0.bring(result, at: index) }
        }
        try errand.check()
        return try gathering.withLock { try $0.all() }
    }
}

/// Values of pieces of work as they come in, and the first failure.
private struct Gathering<Value: Sendable>: Sendable {
    private var values: [Value?]
    private(set) var failure: (any Error)?

    init(count: Int) { values = Array(repeating: nil, count: count) }

    mutating func bring(_ result: Result<Value, any Error>, at index: Int) {
        switch result {
        case .success(let value): values[index] = value
        case .failure(let error): failure = failure ?? error
        }
    }

    /// - Throws: the first failure.
    func all() throws -> [Value] {
        if let failure { throw failure }
        return values.map { value in
            guard let value else { preconditionFailure("without a failure every piece of work was done") }
            return value
        }
    }
}
