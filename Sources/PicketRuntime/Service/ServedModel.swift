public import PicketTensor

/// What clients may know of a model, and what their requests must look like: enough to refuse a wrong one before any
/// memory is spent on it.
public struct ServedModel: Sendable, Hashable {
    /// As in the configuration.
    public let name: String

    /// The only version served.
    public let version: String

    /// In the model's order.
    public let inputs: [TensorInterface]

    /// In the model's order.
    public let outputs: [TensorInterface]

    /// The guard's own outputs that replies carry beside the model's, as the operator's `disclose` has it:
    /// `picket_flagged` BOOL [n], `picket_score` FP32 [n] and one FP32 [n] for each fact that detectors report, or none.
    public let disclosedOutputs: [TensorInterface]

    /// More rows in one request are refused; nil where only the daemon's limits bound them.
    public let maximumRows: Int?

    public init(
        name: String,
        version: String = "1",
        inputs: [TensorInterface],
        outputs: [TensorInterface],
        disclosedOutputs: [TensorInterface] = [],
        maximumRows: Int? = nil
    ) {
        self.name = name
        self.version = version
        self.inputs = inputs
        self.outputs = outputs
        self.disclosedOutputs = disclosedOutputs
        self.maximumRows = maximumRows
    }
}

/// Name, type and shape of an input or output; nil stands for any extent, as the batch axis has.
public struct TensorInterface: Sendable, Hashable {
    public let name: String
    public let elementType: ElementType
    public let dimensions: [Int?]

    public init(name: String, elementType: ElementType, dimensions: [Int?]) {
        self.name = name
        self.elementType = elementType
        self.dimensions = dimensions
    }
}
