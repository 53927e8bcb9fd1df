package import PicketTensor

/// Bytes that stay where they are, in a mapped file for instance, for as long as the object lives.
package protocol ConstantStorage: AnyObject, Sendable {
    /// All bytes; constant in place and content during the object's life.
    var bytes: UnsafeRawBufferPointer { get }

    /// Gives back the memory behind a range that nobody is about to read; whoever reads it all the same finds the same
    /// bytes.
    func release(_ range: Range<Int>)
}

extension ConstantStorage {
    package func release(_ range: Range<Int>) {}
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

    /// Multiplied into the parts along the outermost axis whenever the elements are read, so that weights which a pass has
    /// scaled are not in memory beside the file's.
    private var factors: [Float]?

    /// A constant with memory of its own.
    package init(_ tensor: Tensor) {
        self.elementType = tensor.elementType
        self.shape = tensor.shape
        self.source = .owned(tensor)
    }

    /// The constant with each part along its outermost axis multiplied by a number of its own.
    ///
    /// - Precondition: float32, and as many numbers as parts.
    package func scaled(by factors: [Float]) -> ConstantTensor {
        precondition(elementType == .float32 && shape.rank > 0 && shape[0] == factors.count, "a factor for each part")
        var copy = self
        copy.factors = self.factors.map { zip($0, factors).map { $0 * $1 } } ?? factors
        return copy
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

    /// Bytes that the constant has in memory besides any storage that is not its own.
    package var ownedBytes: Int {
        (isSlice ? 0 : byteCount) + (factors?.count ?? 0) * MemoryLayout<Float>.size
    }

    /// The bytes, without alignment promise; the pointer is valid for the call only.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard factors == nil else { return try tensor().withUnsafeBytes(body) }
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
        var tensor: Tensor
        switch source {
        case .owned(let owned):
            tensor = owned
        case .slice(let storage, let offset):
            tensor = Tensor(zeros: elementType, shape: shape)
            tensor.withUnsafeMutableBytes {
                $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage.bytes[offset..<offset + byteCount]))
            }
            withExtendedLifetime(storage) {}
        }
        guard let factors else { return tensor }
        var elements = tensor.elements(of: Float.self)
        let part = max(elements.count / max(factors.count, 1), 1)
        for index in elements.indices { elements[index] *= factors[index / part] }
        return Tensor(elements, shape: shape)
    }

    /// Gives back the memory of a slice once its elements have been copied to where they are needed.
    package func release() {
        if case .slice(let storage, let offset) = source { storage.release(offset..<offset + byteCount) }
    }
}
