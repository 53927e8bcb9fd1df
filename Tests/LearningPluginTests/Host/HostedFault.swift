import CPicketABI

/// A plugin's answer that is not PICKET_OK.
struct HostedFault: Error, Equatable {
    let status: picket_status
    let message: String
}

/// Runs a call and throws what the plugin answered.
func answering(_ body: (UnsafeMutablePointer<picket_error>) -> picket_status) throws {
    var error = picket_error()
    let status = body(&error)
    let message = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    guard status == PICKET_OK else { throw HostedFault(status: status, message: message) }
}

func withString<Value>(_ string: String, _ body: (picket_string) -> Value) -> Value {
    var string = string
    return string.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { body(picket_string(bytes: $0.baseAddress, length: $0.count)) }
    }
}

func withTensor<Value>(_ elements: [Float], _ extents: [Int], _ body: (picket_tensor) -> Value) -> Value {
    elements.withUnsafeBufferPointer { elements in
        extents.map(Int64.init).withUnsafeBufferPointer { extents in
            body(
                picket_tensor(
                    element_type: PICKET_FLOAT32,
                    rank: UInt32(extents.count),
                    extents: extents.baseAddress,
                    data: elements.baseAddress,
                    count: elements.count
                )
            )
        }
    }
}

func text(_ string: picket_string) -> String {
    String(decoding: UnsafeRawBufferPointer(start: string.bytes, count: string.length), as: UTF8.self)
}

func write(_ message: String, to error: UnsafeMutablePointer<picket_error>?) {
    guard let error else { return }
    let room = UnsafeMutableRawBufferPointer(start: error, count: Int(PICKET_ERROR_CAPACITY))
    room.initializeMemory(as: UInt8.self, repeating: 0)
    room.copyBytes(from: message.utf8.prefix(room.count - 1))
}
