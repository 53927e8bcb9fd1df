/// Who runs models and the chain's own arithmetic, on threads of its own: never on the cooperative pool.
///
/// A row's result is bit-identical whatever rows lie beside it and in whichever batch it falls.
public protocol ModelRunner: Sendable {
    /// What is known of a model of the configuration; nil where there is none of that name.
    func facts(of model: String) -> ModelFacts?

    /// Sees to it that passes of a model can hand out these layers, beside those that were asked for before. A chain calls it
    /// once it is planned and before it runs anything.
    ///
    /// - Throws: What keeps the model from giving them.
    func prepare(_ model: String, layers: [String]) throws

    /// Runs `body` on one of the runner's threads, from its beginning to its end.
    ///
    /// A request goes to a thread once, and not for each of its passes: a hop costs as much as a small forward pass.
    ///
    /// - Throws: What `body` throws, or what kept it from beginning: a deadline, shutdown.
    func onThread<Value: Sendable>(
        _ body: @escaping @Sendable (_ worker: any Worker) throws -> Value
    ) async throws -> Value
}

extension ModelRunner {
    /// Runs every row of one pass.
    public func run(
        _ pass: Pass,
        fill: @escaping RowFill,
        take: @escaping LayerTake = { _, _, _ in }
    ) async throws -> PassOutput {
        try await onThread { worker in try worker.run([PassJob(pass, fill: fill, take: take)])[0] }
    }
}

/// A thread of a runner that works for a request.
///
/// What it is asked for it does itself, together with whichever other threads of the runner are idle, and returns when all
/// of it is done. Where the request's time has run out, or nobody waits for it any more, it throws between two pieces of work.
public protocol Worker {
    /// Runs passes that do not wait for one another; what they return, in their order.
    ///
    /// - Throws: What kept one of them from running: a deadline, shutdown, a fault of the model.
    func run(_ jobs: [PassJob]) throws -> [PassOutput]

    /// Calls `body` once for every index below `count`, on any thread of the runner, for different indices at once.
    ///
    /// The chain renders variants that more than one reader needs, and scores rows, in here.
    func perform(count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) throws
}
