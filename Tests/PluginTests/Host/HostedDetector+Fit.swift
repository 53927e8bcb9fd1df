import CPicketABI

extension HostedDetector {
    /// The state that the detector learns from clean rows; without labels each is of class 0, −1 is none. `answer` gives the
    /// answers for row `index` as in ``score(_:answer:)``.
    func fit(
        _ rows: [[Float]],
        labels: [Int]? = nil,
        answer: (_ index: Int, _ model: String, _ key: String) -> [Float] = { _, _, _ in [] }
    ) throws -> [UInt8] {
        let evidence = try rows.enumerated().map { index, row in
            try self.evidence(row) { answer(index, $0, $1) }
        }
        let memory = CleanMemory(evidence: evidence, labels: labels ?? rows.map { _ in 0 })
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
            memory.evidence[index].withEvidence { evidence?.pointee = $0.pointee }
            return PICKET_OK
        }
        clean.label = { context, index in
            guard let context else { return -1 }
            return Int64(Unmanaged<CleanMemory>.fromOpaque(context).takeUnretainedValue().labels[index])
        }
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
    let evidence: [EvidenceMemory]
    let labels: [Int]
    var state: [UInt8] = []

    init(evidence: [EvidenceMemory], labels: [Int]) {
        self.evidence = evidence
        self.labels = labels
    }
}
