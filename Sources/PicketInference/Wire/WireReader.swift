/// Reads protobuf's wire format: tags, varints and lengths, nothing of what they mean.
///
/// The reader is a position and an end inside bytes that the caller holds; a message inside a message is read by a
/// second reader over its part. It never reads past its end, whatever the bytes say.
///
/// Source: protobuf's "Encoding" document.
package struct WireReader {
    /// Where the next byte is read, in bytes from the start of the file.
    package private(set) var offset: Int

    /// Where this message ends.
    package let end: Int

    package init(_ range: Range<Int>) {
        offset = range.lowerBound
        end = range.upperBound
    }

    package var isAtEnd: Bool { offset == end }

    /// A field's number and wire type.
    ///
    /// - Throws: for a field number that protobuf does not know, a group, and the wire types 6 and 7.
    package mutating func tag(_ bytes: Span<UInt8>) throws(WireFault.Reason) -> (field: Int, type: WireType) {
        let tag = try varint(bytes)
        guard tag <= UInt64(UInt32.max), tag >> 3 != 0 else { throw .fieldNumber(tag >> 3) }
        guard let type = WireType(rawValue: UInt8(tag & 7)) else { throw .wireType(Int(tag & 7)) }
        return (Int(tag >> 3), type)
    }

    /// A varint of at most ten bytes and 64 bits.
    package mutating func varint(_ bytes: Span<UInt8>) throws(WireFault.Reason) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<10 {
            guard offset < end else { throw .truncated(missing: 1) }
            let byte = bytes[offset]
            offset += 1
            // The tenth byte carries the last of 64 bits, so it is 0 or 1.
            guard index < 9 || byte <= 1 else { throw .overlongVarint }
            value |= UInt64(byte & 0x7f) << UInt64(7 * index)
            if byte & 0x80 == 0 { return value }
        }
        throw .overlongVarint
    }

    /// The part that a length-delimited field fills; the reader goes on behind it.
    package mutating func part(_ bytes: Span<UInt8>) throws(WireFault.Reason) -> Range<Int> {
        let length = try varint(bytes)
        let left = end - offset
        guard length <= UInt64(left) else {
            throw .truncated(missing: length > UInt64(Int.max) ? Int.max : Int(length) - left)
        }
        let start = offset
        offset += Int(length)
        return start..<offset
    }

    /// Goes on behind `count` bytes.
    package mutating func skip(_ count: Int) throws(WireFault.Reason) {
        guard count <= end - offset else { throw .truncated(missing: count - (end - offset)) }
        offset += count
    }

    /// Goes on behind a field's value, whatever it is.
    package mutating func skipValue(_ type: WireType, _ bytes: Span<UInt8>) throws(WireFault.Reason) {
        switch type {
        case .varint: _ = try varint(bytes)
        case .fixed64: try skip(8)
        case .fixed32: try skip(4)
        case .delimited: _ = try part(bytes)
        }
    }
}

/// How a field's value is written. Groups, which ONNX never used, and the two unassigned types are not among them.
package enum WireType: UInt8 {
    case varint = 0
    case fixed64 = 1
    case delimited = 2
    case fixed32 = 5
}
