import CPicketABI

/// A read-only tensor of the host's, valid during the call that it came with.
///
/// It is not `Sendable`, so that no detector (which is) can keep one. The pointer inside is sound for as long: the ABI
/// promises `count` floats behind it until the call returns.
public struct TensorView {
    private let elements: UnsafeBufferPointer<Float>

    /// The extents, outermost first.
    public let extents: Extents

    init(_ tensor: picket_tensor) throws {
        guard tensor.element_type == PICKET_FLOAT32 else {
            throw DetectorFault.unsupported("a tensor has element type \(tensor.element_type), expected float32 (1)")
        }
        extents = try Extents(rank: tensor.rank, tensor.extents)
        guard tensor.count == extents.elementCount, let data = tensor.data else {
            throw DetectorFault.invalid("a tensor of \(extents) holds \(tensor.count) elements")
        }
        elements = UnsafeBufferPointer(start: data, count: tensor.count)
    }

    /// Number of elements.
    public var count: Int { elements.count }

    /// The elements in row-major order.
    public func withElements<Value, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(elements.span)
    }

    /// A copy of the elements.
    public func array() -> [Float] { Array(elements) }
}

extension UnsafeMutableBufferPointer<Float> {
    /// The room that a host gives a variant. Sound because the ABI promises `count` floats behind the pointer until the call
    /// returns.
    init(_ tensor: picket_mutable_tensor) throws {
        guard tensor.element_type == PICKET_FLOAT32 else {
            throw DetectorFault.unsupported(
                "a destination has element type \(tensor.element_type), expected float32 (1)"
            )
        }
        let extents = try Extents(rank: tensor.rank, tensor.extents)
        guard tensor.count == extents.elementCount, let data = tensor.data else {
            throw DetectorFault.invalid("a destination of \(extents) holds \(tensor.count) elements")
        }
        self.init(start: data, count: tensor.count)
    }
}
