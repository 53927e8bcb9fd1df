internal import NIOCore
internal import PicketTensor

/// Writes JSON into a buffer: only what replies need, so nothing that could fail.
///
/// JSON has neither NaN nor infinities: they become `null`. The binary extension carries them exactly.
struct JSONWriter {
    var buffer: ByteBuffer
    private var needsComma = false

    init(allocator: ByteBufferAllocator = ByteBufferAllocator(), capacity: Int = 256) {
        buffer = allocator.buffer(capacity: capacity)
    }

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        bracketed("{", "}", body)
    }

    mutating func array(_ body: (inout JSONWriter) -> Void) {
        bracketed("[", "]", body)
    }

    mutating func key(_ name: String) {
        string(name)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func string(_ text: String) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            // Runs without a character that needs an escape go in at once.
            var run = bytes.startIndex
            for index in bytes.indices {
                guard let escape = JSONWriter.escape(bytes[index]) else { continue }
                buffer.writeBytes(bytes[run..<index])
                buffer.writeString(escape)
                run = index + 1
            }
            buffer.writeBytes(bytes[run...])
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    mutating func bool(_ value: Bool) {
        separate()
        buffer.writeStaticString(value ? "true" : "false")
    }

    mutating func integer(_ value: some FixedWidthInteger) {
        separate()
        buffer.writeString(String(value))
    }

    /// The shortest decimal that reads back as the same number of the same width.
    mutating func number(_ value: some BinaryFloatingPoint & LosslessStringConvertible) {
        separate()
        if value.isFinite {
            buffer.writeString(value.description)
        } else {
            buffer.writeStaticString("null")
        }
    }

    private mutating func bracketed(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void)
    {
        separate()
        buffer.writeInteger(UInt8(ascii: open))
        needsComma = false
        body(&self)
        buffer.writeInteger(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    private static func escape(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "\""): "\\\""
        case UInt8(ascii: "\\"): "\\\\"
        case 0x0a: "\\n"
        case 0x0d: "\\r"
        case 0x09: "\\t"
        case 0..<0x20: "\\u00" + (byte < 0x10 ? "0" : "1") + String(byte & 0xf, radix: 16)
        default: nil
        }
    }
}
