import Synchronization

/// Constants in the form that kernels read, made once and shared by all plans of a model.
package final class WeightStore: Sendable {
    /// Constants, and the layout they have been brought into.
    struct Key: Hashable, Sendable {
        var values: [ValueID]
        /// Names the kernel's layout and everything else that its bytes depend on.
        var layout: String
    }

    private struct Contents {
        var buffers: [Key: AlignedBuffer] = [:]
        var byteCount = 0
    }

    /// Packing rounds up to whole tiles, and one constant may be wanted in several layouts: a model gets four times what
    /// its constants take, and 64 MiB.
    private let limit: Int
    private let contents = Mutex(Contents())

    /// - Parameter constantBytes: what the model's constants take unpacked.
    package init(constantBytes: Int) {
        limit = 4 * constantBytes + (64 << 20)
    }

    /// Bytes of all buffers together.
    package var byteCount: Int { contents.withLock(\.byteCount) }

    /// The buffer for a key, made by `make` the first time.
    ///
    /// - Throws: where the model has had its share of memory; what `make` throws.
    func buffer(
        _ key: Key,
        byteCount: Int,
        make: () throws(OperatorFault) -> AlignedBuffer
    ) throws(OperatorFault) -> AlignedBuffer {
        let (known, isWithin) = contents.withLock { ($0.buffers[key], $0.byteCount + byteCount <= limit) }
        if let known { return known }
        guard isWithin else {
            throw OperatorFault("weights in the kernels' layouts take more than \(limit) bytes")
        }
        // Made outside the lock: two threads that race make equal bytes, and the first to come back is kept.
        let made = try make()
        return contents.withLock { contents in
            if let buffer = contents.buffers[key] { return buffer }
            contents.buffers[key] = made
            contents.byteCount += made.bytes.count
            return made
        }
    }
}
