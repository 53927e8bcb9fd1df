/// A dense row-major array with its element type and shape: a value, copied on write.
///
/// Slices along the outermost axis (``rows(_:)``) share the storage and cost nothing.
public struct Tensor: Sendable {
    /// The type of every element.
    public let elementType: ElementType

    /// The extents, outermost first.
    public let shape: Shape

    var storage: TensorStorage
    /// Where this tensor's first element lies in the storage, in bytes.
    var byteOffset: Int

    /// Bytes of all elements together.
    public var byteCount: Int { shape.elementCount * elementType.byteCount }

    /// A tensor of zeros.
    public init(zeros elementType: ElementType, shape: Shape) {
        self.elementType = elementType
        self.shape = shape
        self.storage = TensorStorage(byteCount: shape.elementCount * elementType.byteCount)
        self.byteOffset = 0
    }

    /// A tensor with a copy of `bytes`, which need no alignment.
    ///
    /// - Throws: ``TensorFault/byteCount(found:expected:)`` where the bytes do not fill the shape exactly.
    public init(_ elementType: ElementType, shape: Shape, copying bytes: UnsafeRawBufferPointer) throws(TensorFault) {
        let expected = shape.elementCount * elementType.byteCount
        guard bytes.count == expected else { throw .byteCount(found: bytes.count, expected: expected) }
        self.elementType = elementType
        self.shape = shape
        self.storage = TensorStorage(copying: bytes)
        self.byteOffset = 0
    }

    /// A tensor of the given numbers in row-major order.
    ///
    /// - Precondition: there are as many as the shape holds.
    public init<Element: TensorElement>(_ elements: [Element], shape: Shape) {
        precondition(elements.count == shape.elementCount, "\(elements.count) elements do not fill \(shape)")
        self.elementType = Element.elementType
        self.shape = shape
        self.storage = elements.withUnsafeBytes { TensorStorage(copying: $0) }
        self.byteOffset = 0
    }

    init(elementType: ElementType, shape: Shape, storage: TensorStorage, byteOffset: Int) {
        self.elementType = elementType
        self.shape = shape
        self.storage = storage
        self.byteOffset = byteOffset
    }
}

/// Why bytes make no tensor.
public enum TensorFault: Error, Hashable, CustomStringConvertible {
    /// The bytes do not fill the shape.
    case byteCount(found: Int, expected: Int)

    public var description: String {
        switch self {
        case .byteCount(let found, let expected): "\(found) bytes of data, expected \(expected)"
        }
    }
}
