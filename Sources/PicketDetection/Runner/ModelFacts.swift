public import PicketTensor

/// What a model's primary output means.
public enum OutputKind: String, Sendable, Hashable, CaseIterable {
    /// Unnormalised class scores: softmax makes them probabilities.
    case logits
    /// Class probabilities.
    case probabilities
    /// Numbers that are no classes: an autoencoder's picture, an embedding.
    case tensor
}

/// A named output of a model's graph.
public struct ModelTensor: Sendable, Hashable {
    /// The name in the graph.
    public var name: String
    /// The type of its elements. Detectors see float32 tensors only.
    public var elementType: ElementType
    /// The extents of one row, without the batch axis.
    public var rowShape: Shape

    public init(name: String, elementType: ElementType, rowShape: Shape) {
        self.name = name
        self.elementType = elementType
        self.rowShape = rowShape
    }
}

/// A layer: an intermediate float32 tensor of a model's graph that comes with a pass, where somebody asks for it.
public struct ModelLayer: Sendable, Hashable {
    /// The name in the graph.
    public var name: String
    /// The ONNX operator that makes it: "Relu", "Add", "Conv".
    public var operatorType: String
    /// The extents of one row, without the batch axis, as the graph has them.
    public var rowShape: Shape

    public init(name: String, operatorType: String, rowShape: Shape) {
        self.name = name
        self.operatorType = operatorType
        self.rowShape = rowShape
    }
}

/// What the chain knows of a model of the configuration.
public struct ModelFacts: Sendable, Hashable {
    /// The name in the configuration.
    public var name: String
    /// The extents of one canonical row: C, H, W for a picture, whatever layout the model takes.
    public var rowShape: Shape
    /// The classes; nil where the model is no classifier.
    public var classCount: Int?
    /// What the primary output means.
    public var outputKind: OutputKind
    /// The graph output that probabilities are computed from.
    public var primaryOutput: String
    /// Every tensor that a pass can return.
    public var outputs: [ModelTensor]
    /// Every layer that a pass can give beside them, in topological order.
    public var layers: [ModelLayer]
    /// SHA-256 of the model file and its external data, in lower-case hexadecimal.
    public var digest: String
    /// What the configuration says of its rows and answers (layout, range, grid, kind), in canonical form: it changes what
    /// the model makes of a row, so that a calibration is bound to it.
    public var interface: String

    public init(
        name: String,
        rowShape: Shape,
        classCount: Int?,
        outputKind: OutputKind,
        primaryOutput: String,
        outputs: [ModelTensor],
        digest: String,
        interface: String = "",
        layers: [ModelLayer] = []
    ) {
        self.name = name
        self.rowShape = rowShape
        self.classCount = classCount
        self.outputKind = outputKind
        self.primaryOutput = primaryOutput
        self.outputs = outputs
        self.digest = digest
        self.interface = interface
        self.layers = layers
    }

    /// The output of that name.
    public func output(named name: String) -> ModelTensor? {
        outputs.first { $0.name == name }
    }

    /// The layer of that name.
    public func layer(named name: String) -> ModelLayer? {
        layers.first { $0.name == name }
    }
}
