public import PicketTensor

/// One model over a batch of rows, as the chain asks for it.
public struct Pass: Sendable, Hashable {
    /// The model's name in the configuration: one that exists.
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

/// Writes one row of a pass, in canonical form: the row's index, and uninitialised memory of the canonical row's element
/// count.
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

/// A pass, and who writes its rows and takes its layers.
public struct PassJob: Sendable {
    public var pass: Pass
    public var fill: RowFill
    public var take: LayerTake

    public init(_ pass: Pass, fill: @escaping RowFill, take: @escaping LayerTake) {
        self.pass = pass
        self.fill = fill
        self.take = take
    }
}
