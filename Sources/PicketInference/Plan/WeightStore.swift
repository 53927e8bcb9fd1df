import Synchronization

/// Constants in the form that kernels read, made once and shared by all plans of a model.
package final class WeightStore: Sendable {
    /// A constant, and the layout it has been brought into.
    struct Key: Hashable, Sendable {
        var value: ValueID
        /// Names the kernel's layout and everything else that its bytes depend on.
        var layout: String
    }

    private let buffers = Mutex<[Key: AlignedBuffer]>([:])

    package init() {}

    /// Bytes of all buffers together.
    package var byteCount: Int {
        buffers.withLock { $0.values.reduce(0) { $0 + $1.bytes.count } }
    }

    /// The buffer for a key, made by `make` the first time.
    func buffer(
        _ key: Key,
        make: () throws(OperatorFault) -> AlignedBuffer
    ) throws(OperatorFault) -> AlignedBuffer {
        if let buffer = buffers.withLock({ $0[key] }) { return buffer }
        // Made outside the lock: two threads that race make equal bytes, and the first to come back is kept.
        let made = try make()
        return buffers.withLock { buffers in
            if let buffer = buffers[key] { return buffer }
            buffers[key] = made
            return made
        }
    }
}
