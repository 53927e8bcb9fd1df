public import PicketTensor

/// One model over a batch of rows, as the chain asks for it.
public struct Pass: Sendable, Hashable {
    /// The model's name in the configuration.
    public var model: String
    /// Rows to run; 1 or more.
    public var rowCount: Int
    /// Names of the graph's outputs to return, without duplicates.
    public var tensors: [String]
    /// Names of layers whose rows are to be taken while the model's memory holds them, without duplicates.
    public var layers: [String]

    public init(model: String, rowCount: Int, tensors: [String], layers: [String] = []) {
        self.model = model
        self.rowCount = rowCount
        self.tensors = tensors
        self.layers = layers
    }
}

/// What a pass returns.
public struct PassOutput: Sendable {
    /// One tensor [rowCount, …] for each name that was asked for, in that order.
    public var tensors: [Tensor]
    /// How many forward passes the rows took: more than one where they exceed the largest batch.
    public var forwardPasses: Int

    public init(tensors: [Tensor], forwardPasses: Int) {
        self.tensors = tensors
        self.forwardPasses = forwardPasses
    }
}

/// Writes one row of a pass: the row's index, and uninitialised memory of the canonical row's element count.
///
/// Called exactly once a row, from any thread, for different rows at once. It writes every element and never blocks on
/// anything but its own arithmetic; what fails inside is remembered by whoever wrote the closure.
public typealias RowFill = @Sendable (_ row: Int, _ destination: UnsafeMutableBufferPointer<Float>) -> Void

/// Takes one row of a layer out of the model's memory: the row's index, the layer's place in ``Pass/layers``, and its
/// elements, valid for the call.
///
/// Called exactly once for each row and layer, after the row was filled and before the pass returns, from any thread, for
/// different rows at once. It blocks on nothing but its own arithmetic.
public typealias LayerTake = @Sendable (_ row: Int, _ layer: Int, _ elements: UnsafeBufferPointer<Float>) -> Void

/// Who runs models and the chain's own arithmetic, on threads of its own: never on the cooperative pool.
///
/// A row's result is bit-identical whatever rows lie beside it and in whichever batch it falls. Equal requests may be
/// batched together across callers.
public protocol ModelRunner: Sendable {
    /// What is known of a model of the configuration; nil where there is none of that name.
    func facts(of model: String) -> ModelFacts?

    /// Sees to it that passes of a model can hand out these layers, beside those that were asked for before. A chain calls it
    /// once it is planned and before it runs anything.
    ///
    /// - Throws: What keeps the model from giving them.
    func prepare(_ model: String, layers: [String]) throws

    /// Runs every row of the pass.
    ///
    /// - Parameters:
    ///   - pass: A model that exists, at least one row, and outputs that the model has.
    ///   - fill: Writes the rows, in canonical form; the runner converts them to what the model takes.
    ///   - take: Gets the layers that the pass names; they come with the same forward pass, and nothing keeps them after.
    /// - Throws: What kept the pass from running: a deadline, shutdown, a fault of the model.
    func run(_ pass: Pass, fill: @escaping RowFill, take: @escaping LayerTake) async throws -> PassOutput

    /// Calls `body` once for every index below `count`, on the runner's threads, and returns after the last call did.
    ///
    /// The chain renders variants that more than one reader needs, and scores rows, in here.
    func perform(count: Int, _ body: @escaping @Sendable (_ index: Int) -> Void) async throws
}

extension ModelRunner {
    /// Runs a pass that names no layers.
    public func run(_ pass: Pass, fill: @escaping RowFill) async throws -> PassOutput {
        precondition(pass.layers.isEmpty, "layers go to whoever takes them")
        return try await run(pass, fill: fill) { _, _, _ in }
    }
}
