extension Tensor {
    /// The bytes of all elements; the start is 64-byte aligned unless the tensor is a slice.
    ///
    /// The pointer is valid for the call only.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = UnsafeRawBufferPointer(rebasing: storage.bytes[byteOffset..<byteOffset + byteCount])
        // The storage must outlive the call even where the optimiser sees no later use of it.
        defer { withExtendedLifetime(storage) {} }
        return try body(bytes)
    }

    /// The bytes, to write; copies the storage first where another tensor shares it.
    public mutating func withUnsafeMutableBytes<Result, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if !isKnownUniquelyReferenced(&storage) {
            storage = withUnsafeBytes { TensorStorage(copying: $0) }
            byteOffset = 0
        }
        let bytes = UnsafeMutableRawBufferPointer(rebasing: storage.bytes[byteOffset..<byteOffset + byteCount])
        defer { withExtendedLifetime(storage) {} }
        return try body(bytes)
    }

    /// The elements as `Element`, for kernels. The pointer is valid for the call only.
    ///
    /// - Precondition: `Element` has the tensor's element type (`UInt8` also reads `bool`).
    public func withUnsafeElements<Element: TensorElement, Result, Failure: Error>(
        of type: Element.Type,
        _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        checkElement(type)
        return try withUnsafeBytes { (bytes) throws(Failure) in try body(bytes.assumingMemoryBound(to: Element.self)) }
    }

    /// The elements as `Element`, to write, for kernels; copies first where the storage is shared.
    ///
    /// - Precondition: `Element` has the tensor's element type (`UInt8` also writes `bool`).
    public mutating func withUnsafeMutableElements<Element: TensorElement, Result, Failure: Error>(
        of type: Element.Type,
        _ body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        checkElement(type)
        return try withUnsafeMutableBytes { (bytes) throws(Failure) in
            try body(bytes.assumingMemoryBound(to: Element.self))
        }
    }

    /// A copy of the elements in row-major order.
    ///
    /// - Precondition: `Element` has the tensor's element type (`UInt8` also reads `bool`).
    public func elements<Element: TensorElement>(of type: Element.Type = Element.self) -> [Element] {
        withUnsafeElements(of: type) { Array($0) }
    }

    private func checkElement<Element: TensorElement>(_ type: Element.Type) {
        precondition(
            Element.elementType == elementType || (Element.elementType == .uint8 && elementType == .bool),
            "a \(elementType) tensor is not read as \(Element.elementType)"
        )
    }
}
