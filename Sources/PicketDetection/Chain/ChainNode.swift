internal import PicketCrypto
internal import PicketTensor

/// A node of the chain's graph: the row, a variant, a run of a model, or a tensor that a run gives.
struct ChainNode: Sendable {
    enum Kind: Sendable, Hashable {
        case input
        /// Rendered by the detector that named it first.
        case variant(detector: Int, token: UInt64, isDrawn: Bool)
        case run(model: String)
        case tensor(RunTensor)
    }

    /// What can be had of a run.
    enum RunTensor: Sendable, Hashable {
        /// Class probabilities, computed by the host from the primary output.
        case probabilities
        /// Their natural logarithms.
        case logProbabilities
        /// An output of the model's graph.
        case output(String)
        /// An intermediate tensor of the model's graph.
        case layer(String)
    }

    var kind: Kind
    /// The node it is made from; the input is its own.
    var source: Int
    /// What the node is called in messages.
    var label: String
    /// Extents of one row: of the variant, of what the run takes, of the tensor.
    var shape: Shape
    /// The shape for the plugin boundary.
    var foreign: ForeignShape
    /// A digest of what the node is, its source's included. Equal identities are one node, and a drawn variant's
    /// identity is part of its generator's seed.
    var identity: SHA256Digest
    /// How many runs lie between the input and this node.
    var level: Int
}

/// Bounds on what detectors may plan; ten times what any published detector needs.
enum PlanLimits {
    static let nodesPerDetector = 1024
    static let nodesPerChain = 4096
    static let runsPerChain = 512
    static let wantsPerDetector = 1024
    static let componentsPerDetector = 256
    static let levels = 8
    static let keyByteCount = 256
    static let componentNameByteCount = 64
    static let factsPerDetector = 64
    static let factNameByteCount = 64
    /// Elements of one variant: 64 Mi, a picture of 4,730×4,730 in colour.
    static let variantElementCount = 1 << 26
}

/// Why a node can't be planned.
struct PlanningFault: Error {
    var message: String
}
