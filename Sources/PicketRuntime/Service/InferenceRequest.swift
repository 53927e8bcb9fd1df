public import PicketTensor

/// One decoded request: tensors whose element types and shapes agree with the ``ServedModel`` they are for.
public struct InferenceRequest: Sendable {
    /// The sender's own name for the request, given back in the reply.
    public let id: String?

    /// The name of a served model.
    public let model: String

    /// One tensor for each input of the model, in the model's order; all have the same outermost extent, the rows.
    public let inputs: [NamedTensor]

    /// Names of the outputs wanted, in the sender's order; nil for all of them.
    public let outputs: [String]?

    /// Who sent it.
    public let peer: Peer

    /// When its last byte came in.
    public let received: ContinuousClock.Instant

    /// When its sender stops caring; nothing is begun for it afterwards.
    public let deadline: ContinuousClock.Instant

    public init(
        id: String?,
        model: String,
        inputs: [NamedTensor],
        outputs: [String]?,
        peer: Peer,
        received: ContinuousClock.Instant,
        deadline: ContinuousClock.Instant
    ) {
        self.id = id
        self.model = model
        self.inputs = inputs
        self.outputs = outputs
        self.peer = peer
        self.received = received
        self.deadline = deadline
    }

    /// Rows of the batch: the outermost extent of the inputs.
    public var rowCount: Int { inputs.first?.tensor.rowCount ?? 0 }
}

/// A tensor and what the model calls it.
public struct NamedTensor: Sendable {
    public let name: String
    public let tensor: Tensor

    public init(name: String, tensor: Tensor) {
        self.name = name
        self.tensor = tensor
    }
}

/// The process at the other end of a connection, as the kernel vouched for it when it connected (SO_PEERCRED).
public struct Peer: Sendable, Hashable {
    public let pid: Int32
    public let uid: UInt32
    public let gid: UInt32

    public init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }
}
