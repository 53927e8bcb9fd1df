import Synchronization

/// Waits for the parts of one piece of work, whichever thread ends last, and keeps the first failure.
final class Gathering<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value?]
        var missing: Int
        var failure: (any Error)?
        var continuation: CheckedContinuation<[Value], any Error>?
    }

    private let state: Mutex<State>

    init(count: Int, _ continuation: CheckedContinuation<[Value], any Error>) {
        state = Mutex(State(values: Array(repeating: nil, count: count), missing: count, continuation: continuation))
    }

    /// Brings one part in; each index once.
    func finish(_ index: Int, _ result: Result<Value, any Error>) {
        let ending: (CheckedContinuation<[Value], any Error>, Result<[Value], any Error>)? = state.withLock { state in
            switch result {
            case .success(let value): state.values[index] = value
            case .failure(let error): state.failure = state.failure ?? error
            }
            state.missing -= 1
            guard state.missing == 0, let continuation = state.continuation else { return nil }
            state.continuation = nil
            if let failure = state.failure { return (continuation, .failure(failure)) }
            return (continuation, .success(state.values.compactMap { $0 }))
        }
        if let (continuation, result) = ending { continuation.resume(with: result) }
    }

    /// Whether a part has failed already, so that the others need not begin.
    var hasFailed: Bool { state.withLock { $0.failure != nil } }
}
