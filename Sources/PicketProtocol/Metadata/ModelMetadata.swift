public import PicketTensor

/// A served model as the protocol describes it, and as requests are held against.
public struct ModelMetadata: Sendable, Hashable {
    public let name: String

    /// The only version served.
    public let version: String

    /// In the model's order.
    public let inputs: [TensorMetadata]

    /// In the model's order.
    public let outputs: [TensorMetadata]

    /// The guard's own outputs (`picket_flagged`, `picket_score`, what detectors report), where the operator discloses them.
    public let disclosedOutputs: [TensorMetadata]

    /// Rows that one request may have at most; nil where only its bytes are bounded.
    public let maximumRows: Int?

    public init(
        name: String,
        version: String,
        inputs: [TensorMetadata],
        outputs: [TensorMetadata],
        disclosedOutputs: [TensorMetadata] = [],
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

/// Name, type and shape of an input or output; nil stands for any extent.
public struct TensorMetadata: Sendable, Hashable {
    public let name: String
    public let elementType: ElementType
    public let dimensions: [Int?]

    public init(name: String, elementType: ElementType, dimensions: [Int?]) {
        self.name = name
        self.elementType = elementType
        self.dimensions = dimensions
    }

    /// The shape as messages show it: `[?, 1, 28, 28]`.
    var shapeText: String {
        "[" + dimensions.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
    }
}

/// What the daemon says of itself.
public struct ServerMetadata: Sendable, Hashable {
    public let name: String
    public let version: String

    public init(name: String = "picket", version: String) {
        self.name = name
        self.version = version
    }

    /// The extensions of the protocol that Picket speaks.
    static let extensions = ["binary_tensor_data"]
}

/// The models that a connection may speak of.
public protocol ModelDirectory {
    /// The metadata of the served model of that name.
    func metadata(of model: String) -> ModelMetadata?

    /// Whether requests are accepted.
    var isReady: Bool { get }

    var server: ServerMetadata { get }
}
