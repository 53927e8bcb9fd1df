import CPicketABI

/// A string for the length of a call. Sound because the ABI's callee copies what must last.
func withPicketString<Value>(_ text: String, _ body: (picket_string) -> Value) -> Value {
    var text = text
    return text.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { body(picket_string(bytes: $0.baseAddress, length: $0.count)) }
    }
}

extension String {
    /// A copy of the host's string, damaged UTF-8 repaired. Sound because the ABI promises `length` bytes.
    init(_ string: picket_string) {
        self.init(
            decoding: UnsafeRawBufferPointer(start: string.bytes, count: string.bytes == nil ? 0 : string.length),
            as: UTF8.self
        )
    }
}

/// Calls the host and throws what it answered, if it is not PICKET_OK.
func callingHost(_ body: (UnsafeMutablePointer<picket_error>) -> picket_status) throws {
    var error = picket_error()
    let status = body(&error)
    guard status != PICKET_OK else { return }
    let message = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    throw DetectorFault(
        status: status,
        message: message.isEmpty ? "the host gave status \(status) and no reason" : message
    )
}

/// Runs a call that the host made: a throw becomes its status, and its sentence lands in the host's `error`.
///
/// Sound because the ABI promises PICKET_ERROR_CAPACITY writable bytes; what does not fit is cut between characters.
func answeringHost(
    _ error: UnsafeMutablePointer<picket_error>?,
    otherErrors: (String) -> DetectorFault = DetectorFault.failed,
    _ body: () throws -> Void
) -> picket_status {
    do {
        try body()
        return PICKET_OK
    } catch let thrown {
        let fault = thrown as? DetectorFault ?? otherErrors(String(describing: thrown))
        guard let error else { return fault.status }
        var message = fault.description.unicodeScalars
        while String(message).utf8.count >= Int(PICKET_ERROR_CAPACITY) { message.removeLast() }
        let room = UnsafeMutableRawBufferPointer(start: error, count: Int(PICKET_ERROR_CAPACITY))
        room.initializeMemory(as: UInt8.self, repeating: 0)
        room.copyBytes(from: String(message).utf8)
        return fault.status
    }
}
