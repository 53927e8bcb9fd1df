package import PicketTensor

/// Bytes that stay where they are, in a mapped file for instance, for as long as the object lives.
package protocol ConstantStorage: AnyObject, Sendable {
    /// All bytes; constant in place and content during the object's life.
    var bytes: UnsafeRawBufferPointer { get }
}

/// A value known before any run: an initialiser of the model, or one folded from others.
///
/// Weights are slices of the mapped model file, so that nothing is copied before a plan packs them.
package struct ConstantTensor: Sendable {
    private enum Source: Sendable {
        case owned(Tensor)
        case slice(any ConstantStorage, offset: Int)
    }

    package let elementType: ElementType
    package let shape: Shape
    private let source: Source

    /// A constant with memory of its own.
    package init(_ tensor: Tensor) {
        self.elementType = tensor.elementType
        self.shape = tensor.shape
        self.source = .owned(tensor)
    }

    /// A constant in `storage` from `offset` on, little-endian, row-major; its start need not be aligned.
    ///
    /// - Throws: ``OperatorFault`` where the storage ends before the constant does.
    package init(
        _ elementType: ElementType,
        shape: Shape,
        in storage: any ConstantStorage,
        offset: Int
    ) throws(OperatorFault) {
        let count = shape.elementCount * elementType.byteCount
        guard offset >= 0, offset <= storage.bytes.count, storage.bytes.count - offset >= count else {
            throw OperatorFault(
                "\(count) bytes at offset \(offset) lie outside \(storage.bytes.count) bytes of storage"
            )
        }
        self.elementType = elementType
        self.shape = shape
        self.source = .slice(storage, offset: offset)
    }

    /// Bytes of all elements together.
    package var byteCount: Int { shape.elementCount * elementType.byteCount }

    /// Whether the bytes lie in storage that is not this constant's own.
    package var isSlice: Bool {
        if case .slice = source { true } else { false }
    }

    /// The bytes, without alignment promise; the pointer is valid for the call only.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch source {
        case .owned(let tensor):
            return try tensor.withUnsafeBytes(body)
        case .slice(let storage, let offset):
            // The slice keeps its storage alive through the call; init has checked the range.
            defer { withExtendedLifetime(storage) {} }
            return try body(UnsafeRawBufferPointer(rebasing: storage.bytes[offset..<offset + byteCount]))
        }
    }

    /// The value as a tensor: shared where owned, copied out of a slice.
    package func tensor() -> Tensor {
        switch source {
        case .owned(let tensor):
            return tensor
        case .slice:
            var tensor = Tensor(zeros: elementType, shape: shape)
            withUnsafeBytes { bytes in
                tensor.withUnsafeMutableBytes { $0.copyMemory(from: bytes) }
            }
            return tensor
        }
    }
}
