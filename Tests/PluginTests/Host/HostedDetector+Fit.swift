import CPicketABI

extension HostedDetector {
    /// The state that the detector learns from clean rows, each of class 0.
    func fit(_ rows: [[Float]]) throws -> [UInt8] {
        let memory = CleanMemory(rows: rows, extents: extents)
        guard let fit = plugin.pointee.fit else {
            throw HostedFault(status: PICKET_UNSUPPORTED, message: "the plugin does not learn")
        }
        let context = Unmanaged.passUnretained(memory).toOpaque()
        var clean = picket_fit_set()
        clean.struct_size = UInt32(MemoryLayout<picket_fit_set>.size)
        clean.context = context
        clean.row_count = rows.count
        clean.row = { context, index, evidence, _ in
            guard let context else { return PICKET_FAILED }
            let memory = Unmanaged<CleanMemory>.fromOpaque(context).takeUnretainedValue()
            memory.current = EvidenceMemory(row: memory.rows[index], extents: memory.extents, wanted: [])
            memory.current?.withEvidence { evidence?.pointee = $0.pointee }
            return PICKET_OK
        }
        clean.label = { _, _ in 0 }
        var sink = picket_state_sink()
        sink.struct_size = UInt32(MemoryLayout<picket_state_sink>.size)
        sink.context = context
        sink.write = { context, part, _ in
            guard let context else { return PICKET_FAILED }
            let memory = Unmanaged<CleanMemory>.fromOpaque(context).takeUnretainedValue()
            memory.state += UnsafeRawBufferPointer(start: part.data, count: part.length)
            return PICKET_OK
        }
        try withExtendedLifetime(memory) {
            try answering { error in fit(detector, &clean, &sink, error) }
        }
        return memory.state
    }
}

private final class CleanMemory {
    let rows: [[Float]]
    let extents: [Int64]
    var current: EvidenceMemory?
    var state: [UInt8] = []

    init(rows: [[Float]], extents: [Int64]) {
        self.rows = rows
        self.extents = extents
    }
}
