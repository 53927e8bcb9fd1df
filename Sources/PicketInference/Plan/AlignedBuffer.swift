/// Memory that a plan or a session owns, aligned for kernels.
///
/// Proof of `@unchecked Sendable`: constants are written before they are shared and never after; an arena belongs to one
/// session, which one thread uses at a time, and whose pool's threads write disjoint parts between two barriers.
package final class AlignedBuffer: @unchecked Sendable {
    /// A cache line; what kernels ask of packed weights and scratch.
    static let alignment = 64

    let bytes: UnsafeMutableRawBufferPointer

    /// Uninitialised memory, rounded up to whole cache lines.
    init(byteCount: Int) {
        precondition(byteCount >= 0, "a buffer's size is not negative")
        let lines = max((byteCount + Self.alignment - 1) / Self.alignment, 1)
        bytes = .allocate(byteCount: lines * Self.alignment, alignment: Self.alignment)
    }

    var base: UnsafeMutableRawPointer {
        guard let base = bytes.baseAddress else { preconditionFailure("a buffer holds at least one cache line") }
        return base
    }

    func floats(at byteOffset: Int = 0) -> UnsafeMutablePointer<Float> {
        (base + byteOffset).assumingMemoryBound(to: Float.self)
    }

    deinit { bytes.deallocate() }
}
