import CPicketABI

/// A read-only tensor of the host's, valid during the call that it came with.
///
/// It is not `Sendable`, so that no detector (which is) can keep one. The pointers inside are sound for as long: the ABI
/// promises `count` floats and `rank` extents behind them until the call returns.
public struct TensorView {
    private let elements: UnsafeBufferPointer<Float>
    private let axes: UnsafePointer<Int64>?
    private let rank: UInt32

    init(_ tensor: picket_tensor) throws {
        guard tensor.element_type == PICKET_FLOAT32 else {
            throw DetectorFault.unsupported("a tensor has element type \(tensor.element_type), expected float32 (1)")
        }
        let count = try Extents.elementCount(rank: tensor.rank, tensor.extents)
        guard tensor.count == count, let data = tensor.data else {
            throw DetectorFault.invalid(
                "a tensor of \(try Extents(rank: tensor.rank, tensor.extents)) holds \(tensor.count) elements"
            )
        }
        elements = UnsafeBufferPointer(start: data, count: count)
        axes = tensor.extents
        rank = tensor.rank
    }

    /// Number of elements.
    public var count: Int { elements.count }

    /// The extents, outermost first.
    public var extents: Extents { Extents(rank: rank, axes, elementCount: elements.count) }

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
        let count = try Extents.elementCount(rank: tensor.rank, tensor.extents)
        guard tensor.count == count, let data = tensor.data else {
            throw DetectorFault.invalid(
                "a destination of \(try Extents(rank: tensor.rank, tensor.extents)) holds \(tensor.count) elements"
            )
        }
        self.init(start: data, count: count)
    }
}
