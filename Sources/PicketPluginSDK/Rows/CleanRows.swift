import CPicketABI

/// Clean rows, for ``LearningDetector/fit(_:into:)``. Valid during that call.
public struct CleanRows {
    private let rows: UnsafePointer<picket_fit_set>

    init(_ rows: UnsafePointer<picket_fit_set>) {
        self.rows = rows
    }

    /// Number of rows.
    public var count: Int { rows.pointee.row_count }

    /// One row's evidence, valid until the closure returns.
    public func withRow<Value>(_ index: Int, _ body: (Evidence) throws -> Value) throws -> Value {
        guard index >= 0, index < count, let read = rows.pointee.row else {
            throw DetectorFault.failed("clean row \(index) was asked for, there are \(count)")
        }
        var evidence = picket_evidence()
        evidence.struct_size = UInt32(MemoryLayout<picket_evidence>.size)
        try callingHost { error in read(rows.pointee.context, index, &evidence, error) }
        return try withUnsafePointer(to: evidence) { try body(Evidence($0)) }
    }

    /// The row's true class, nil where the data set has none.
    public func label(_ index: Int) -> Int? {
        guard index >= 0, index < count, let read = rows.pointee.label else { return nil }
        let label = read(rows.pointee.context, index)
        return label >= 0 ? Int(label) : nil
    }
}

/// Takes the state that a fit produces; parts are joined. Valid during that call.
public struct StateSink {
    private let sink: UnsafePointer<picket_state_sink>

    init(_ sink: UnsafePointer<picket_state_sink>) {
        self.sink = sink
    }

    /// Appends bytes to the state.
    public func write(_ bytes: [UInt8]) throws {
        guard let write = sink.pointee.write else { throw DetectorFault.unsupported("the host takes no state") }
        try callingHost { error in
            bytes.withUnsafeBytes { buffer in
                write(sink.pointee.context, picket_bytes(data: buffer.baseAddress, length: buffer.count), error)
            }
        }
    }
}
