import CPicketABI

/// The memory behind one row's evidence.
final class BenchEvidence {
    private var numbers: [UnsafeMutableBufferPointer<Float>] = []
    private var shapes: [UnsafeMutableBufferPointer<Int64>] = []
    private let tensors: UnsafeMutableBufferPointer<picket_tensor>
    private var evidence = picket_evidence()

    init(row: (elements: [Float], extents: [Int]), wanted: [(elements: [Float], extents: [Int])]) {
        tensors = .allocate(capacity: wanted.count)
        evidence.struct_size = UInt32(MemoryLayout<picket_evidence>.size)
        evidence.input = kept(row)
        _ = tensors.initialize(from: wanted.map(kept))
        evidence.tensors = UnsafePointer(tensors.baseAddress)
        evidence.tensor_count = wanted.count
    }

    deinit {
        for buffer in numbers { buffer.deallocate() }
        for buffer in shapes { buffer.deallocate() }
        tensors.deallocate()
    }

    func withEvidence<Value>(_ body: (UnsafePointer<picket_evidence>) -> Value) -> Value {
        withUnsafePointer(to: evidence, body)
    }

    private func kept(_ tensor: (elements: [Float], extents: [Int])) -> picket_tensor {
        let data = UnsafeMutableBufferPointer<Float>.allocate(capacity: tensor.elements.count)
        _ = data.initialize(from: tensor.elements)
        numbers.append(data)
        let extents = UnsafeMutableBufferPointer<Int64>.allocate(capacity: tensor.extents.count)
        _ = extents.initialize(from: tensor.extents.map(Int64.init))
        shapes.append(extents)
        return picket_tensor(
            element_type: PICKET_FLOAT32,
            rank: UInt32(extents.count),
            extents: UnsafePointer(extents.baseAddress),
            data: UnsafePointer(data.baseAddress),
            count: data.count
        )
    }
}

/// Clean rows for a fit, and what it writes.
final class BenchRows {
    private let memories: [BenchEvidence]
    private let labels: [Int]
    private(set) var state: [UInt8] = []

    init(memories: [BenchEvidence], labels: [Int]) {
        self.memories = memories
        self.labels = labels
    }

    func withSet(
        _ body: (UnsafePointer<picket_fit_set>, UnsafePointer<picket_state_sink>) throws -> Void
    ) rethrows {
        let context = Unmanaged.passUnretained(self).toOpaque()
        var clean = picket_fit_set()
        clean.struct_size = UInt32(MemoryLayout<picket_fit_set>.size)
        clean.context = context
        clean.row_count = memories.count
        clean.row = { context, index, evidence, _ in
            BenchRows.from(context).memories[index].withEvidence { evidence?.pointee = $0.pointee }
            return PICKET_OK
        }
        clean.label = { context, index in Int64(BenchRows.from(context).labels[index]) }
        var sink = picket_state_sink()
        sink.struct_size = UInt32(MemoryLayout<picket_state_sink>.size)
        sink.context = context
        sink.write = { context, part, _ in
            BenchRows.from(context).state += UnsafeRawBufferPointer(start: part.data, count: part.length)
            return PICKET_OK
        }
        try withExtendedLifetime(self) { try body(&clean, &sink) }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> BenchRows {
        guard let context else { preconditionFailure("the fit's context came back as NULL") }
        return Unmanaged.fromOpaque(context).takeUnretainedValue()
    }
}
