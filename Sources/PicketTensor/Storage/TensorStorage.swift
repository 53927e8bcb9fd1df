/// The memory behind tensors: one aligned allocation, zeroed at birth. The only owner of raw memory in this module.
///
/// Proof of `@unchecked Sendable`: the pointer never changes, and ``Tensor`` writes through it only while it holds
/// the single reference (`isKnownUniquelyReferenced`), so two threads never see a write and an access at once.
final class TensorStorage: @unchecked Sendable {
    /// A cache line, and the widest vector register.
    static let alignment = 64

    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
        precondition(byteCount >= 0, "a tensor's byte count is not negative")
        bytes = TensorStorage.allocate(byteCount)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }

    init(copying source: UnsafeRawBufferPointer) {
        bytes = TensorStorage.allocate(source.count)
        bytes.copyMemory(from: source)
        UnsafeMutableRawBufferPointer(rebasing: bytes[source.count...]).initializeMemory(as: UInt8.self, repeating: 0)
    }

    /// Whole cache lines, so that a vector load of the last element stays inside; one line even for no elements.
    private static func allocate(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
        let lines = max((byteCount + alignment - 1) / alignment, 1)
        return .allocate(byteCount: lines * alignment, alignment: alignment)
    }

    deinit {
        bytes.deallocate()
    }
}
