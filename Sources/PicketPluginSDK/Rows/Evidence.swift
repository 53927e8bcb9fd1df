import CPicketABI

/// What a detector sees of one row when it scores: the row, and every tensor that it wanted. Valid during the call.
public struct Evidence {
    private let evidence: UnsafePointer<picket_evidence>

    init(_ evidence: UnsafePointer<picket_evidence>) {
        self.evidence = evidence
    }

    /// The row itself.
    public var input: TensorView {
        get throws { try TensorView(evidence.pointee.input) }
    }

    /// The tensor or variant that ``Planner/want(_:)`` gave this index.
    public subscript(wanted: Wanted) -> TensorView {
        get throws {
            // Sound because the ABI promises `tensor_count` tensors behind the pointer, and the index is checked here.
            guard wanted.index < evidence.pointee.tensor_count, let tensors = evidence.pointee.tensors else {
                throw DetectorFault.failed(
                    "tensor \(wanted.index) was wanted, the host brought \(evidence.pointee.tensor_count)"
                )
            }
            return try TensorView(tensors[wanted.index])
        }
    }
}

/// The place of a wanted node among the tensors of the evidence.
public struct Wanted: Sendable, Hashable {
    /// Counted from 0 in the order of ``Planner/want(_:)``.
    public let index: Int
}
