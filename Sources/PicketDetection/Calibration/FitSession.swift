internal import CPicketABI

/// The tables that a detector sees while it learns. One thread: that of the `fit` call.
final class FitSession {
    private static let windowRowCount = 32

    private let rowCount: Int
    private let label: (Int) -> Int64
    private let evidence: (Range<Int>) throws -> [FitRow]
    private var window = 0..<0
    private var rows: [FitRow] = []
    private var state: [UInt8] = []
    /// What the host could not do; more telling than what the plugin makes of it.
    private var failure: (any Error)?

    init(
        rowCount: Int,
        label: @escaping (Int) -> Int64,
        evidence: @escaping (Range<Int>) throws -> [FitRow]
    ) {
        self.rowCount = rowCount
        self.label = label
        self.evidence = evidence
    }

    /// Lets the detector learn, and returns what it wrote.
    func run(_ learner: Detector) throws -> [UInt8] {
        // The tables and this session outlive the one call that may use them.
        let context = Unmanaged.passUnretained(self).toOpaque()
        var clean = picket_fit_set(
            struct_size: UInt32(MemoryLayout<picket_fit_set>.size),
            context: context,
            row_count: rowCount,
            row: { context, index, evidence, error in
                FitSession.of(context)?.row(index, evidence, error) ?? PICKET_INVALID
            },
            label: { context, index in FitSession.of(context)?.label(of: index) ?? -1 }
        )
        var sink = picket_state_sink(
            struct_size: UInt32(MemoryLayout<picket_state_sink>.size),
            context: context,
            write: { context, part, error in FitSession.of(context)?.write(part, error) ?? PICKET_INVALID }
        )
        do {
            try withExtendedLifetime(self) { () throws(PluginFault) in try learner.fit(&clean, &sink) }
        } catch {
            if let failure { throw failure }
            // The clean rows are not what the detector can learn from: a matter of the data, not of the plugin.
            throw CalibrationFault.fit("\(error)")
        }
        return state
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> FitSession? {
        guard let context else { return nil }
        return Unmanaged<FitSession>.fromOpaque(context).takeUnretainedValue()
    }

    private func label(of index: Int) -> Int64 {
        index < rowCount && index >= 0 ? label(index) : -1
    }

    private func row(
        _ index: Int,
        _ out: UnsafeMutablePointer<picket_evidence>?,
        _ reason: UnsafeMutablePointer<picket_error>?
    ) -> picket_status {
        guard let out, index >= 0, index < rowCount else {
            reason?.pointee.write("row \(index) of \(rowCount)")
            return PICKET_INVALID
        }
        if !window.contains(index) {
            let next = index..<min(index + FitSession.windowRowCount, rowCount)
            do {
                rows = try evidence(next)
                window = next
            } catch {
                failure = error
                reason?.pointee.write("\(error)")
                return PICKET_FAILED
            }
        }
        let row = rows[index - window.lowerBound]
        if let text = row.failure {
            reason?.pointee.write(text)
            return PICKET_FAILED
        }
        out.pointee = picket_evidence(
            struct_size: UInt32(MemoryLayout<picket_evidence>.size),
            input: row.input,
            tensors: UnsafePointer(row.tensors.baseAddress),
            tensor_count: row.tensors.count
        )
        return PICKET_OK
    }

    private func write(_ part: picket_bytes, _ reason: UnsafeMutablePointer<picket_error>?) -> picket_status {
        guard part.length >= 0, part.length <= CalibrationStore.stateByteLimit - state.count else {
            reason?.pointee.write("a state of more than \(CalibrationStore.stateByteLimit) bytes")
            return PICKET_UNSUPPORTED
        }
        guard let data = part.data else { return PICKET_OK }
        state.append(contentsOf: UnsafeRawBufferPointer(start: data, count: part.length))
        return PICKET_OK
    }
}
