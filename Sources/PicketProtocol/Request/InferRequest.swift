public import PicketTensor

/// A decoded inference request: every tensor has the type and shape that the model's metadata asks for.
public struct InferRequest: Sendable {
    public let id: String?

    /// One for each input of the model, in the model's order.
    public let inputs: [InferTensor]

    /// The names of the model's outputs that are wanted, in order; nil for all of them. Without the guard's own.
    public let outputs: [String]?

    /// How the sender wants outputs encoded.
    public let form: ReplyForm

    /// How long the sender waits, where it says so.
    public let timeout: Duration?
}

/// A tensor and what the model calls it.
public struct InferTensor: Sendable {
    public let name: String
    public let tensor: Tensor

    public init(name: String, tensor: Tensor) {
        self.name = name
        self.tensor = tensor
    }
}

/// Which outputs go as bytes behind the JSON (the binary tensor extension).
public struct ReplyForm: Sendable, Hashable {
    /// Of outputs that ``binary`` does not name: the request's `binary_data_output`.
    public let binaryByDefault: Bool

    /// The outputs' own `binary_data`.
    public let binary: [String: Bool]

    public init(binaryByDefault: Bool, binary: [String: Bool] = [:]) {
        self.binaryByDefault = binaryByDefault
        self.binary = binary
    }

    func isBinary(_ output: String) -> Bool {
        binary[output] ?? binaryByDefault
    }
}
