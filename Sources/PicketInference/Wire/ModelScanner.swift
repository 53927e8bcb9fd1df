/// Reads a model file's tags and lengths before SwiftProtobuf sees any of it, and makes the skeleton that it may see.
///
/// SwiftProtobuf spends up to 600 bytes on a sub-message that takes two on the wire, so 10 MB of empty attributes cost
/// it 2.9 GB, and it copies every weight. The scanner walks the file once, checks its framing, counts what decoding
/// would cost, refuses past ``ImportLimits``, and writes a *skeleton*: the same model without what the importer does
/// not read, and with each large list of elements replaced by a ``PayloadReference`` into the file.
///
/// Its own memory is the skeleton. Its recursion follows ``WireMessage``, whose one cycle, graphs in graphs, is bounded.
package struct ModelScanner {
    private let limits: ImportLimits
    private let decodedLimit: Int
    private let table = WireTable.onnx
    private var tally = WireTally()
    private var skeleton: [UInt8] = []
    private var place = WirePlace()
    /// Graphs around the place, the model's own among them.
    private var graphs = 0

    /// The skeleton of the model in `bytes`, fit for SwiftProtobuf, and what was counted on the way.
    ///
    /// - Throws: ``WireFault`` for bytes that are no protobuf message of this schema or exceed a limit.
    package static func scan(_ bytes: Span<UInt8>, limits: ImportLimits) throws(WireFault) -> WireSkeleton {
        var scanner = ModelScanner(limits: limits, fileBytes: bytes.count)
        do {
            try scanner.message(.model, 0..<bytes.count, of: bytes)
        } catch {
            throw WireFault(path: scanner.place.description, offset: scanner.place.offset, reason: error)
        }
        return WireSkeleton(bytes: scanner.skeleton, tally: scanner.tally)
    }

    private init(limits: ImportLimits, fileBytes: Int) {
        self.limits = limits
        decodedLimit = limits.decodedBytes(of: fileBytes)
    }

    private mutating func message(
        _ kind: WireMessage,
        _ part: Range<Int>,
        of bytes: Span<UInt8>
    ) throws(WireFault.Reason) {
        var reader = WireReader(part)
        var frame = WireFrame(kind)
        while !reader.isAtEnd {
            let start = reader.offset
            place.enterField("", index: nil, offset: start)
            let (number, type) = try reader.tag(bytes)
            let tag = start..<reader.offset
            guard let field = table.field(number, of: kind) else {
                place.enterField("#\(number)", index: nil, offset: start)
                try reader.skipValue(type, bytes)
                continue
            }
            let index = frame.count(field)
            place.enterField(field.name, index: field.isList ? index : nil, offset: start)
            guard field.isList || index == 0 || !field.role.isOnce else { throw .repeated }
            try tally.check(kind, field, index, limits)
            try value(field, type, tag: tag, &frame, &reader, of: bytes)
        }
    }

    private mutating func value(
        _ field: WireField,
        _ type: WireType,
        tag: Range<Int>,
        _ frame: inout WireFrame,
        _ reader: inout WireReader,
        of bytes: Span<UInt8>
    ) throws(WireFault.Reason) {
        let start = reader.offset
        switch (field.role, type) {
        case (.varint, .varint), (.fixed32, .fixed32):
            try reader.skipValue(type, bytes)
            copy(tag.lowerBound..<reader.offset, bytes)
        case (.text, .delimited), (.bytes, .delimited):
            let part = try reader.part(bytes)
            try tally.string(part.count, limits, decodedLimit)
            guard field.role == .bytes || bytes.isUTF8(in: part) else { throw .notUTF8 }
            copy(tag.lowerBound..<part.upperBound, bytes)
        case (.message(let inner), .delimited):
            let part = try reader.part(bytes)
            try tally.message(inner, decodedLimit)
            copy(tag, bytes)
            let lengthBytes = part.lowerBound - start
            let lengthOffset = skeleton.count
            skeleton.append(contentsOf: repeatElement(0, count: lengthBytes))
            if inner == .graph {
                graphs += 1
                guard graphs <= 1 + limits.subgraphDepth else { throw .tooDeep(limit: limits.subgraphDepth) }
            }
            place.descend()
            try message(inner, part, of: bytes)
            place.ascend()
            if inner == .graph { graphs -= 1 }
            writeLength(skeleton.count - lengthOffset - lengthBytes, at: lengthOffset, width: lengthBytes)
        case (.hollow, .delimited):
            _ = try reader.part(bytes)
            guard frame.isFirst(field) else { return }
            try tally.message(frame.kind, decodedLimit)
            copy(tag, bytes)
            skeleton.append(0)
        case (.varints, .varint), (.fixed32s, .fixed32):
            try reader.skipValue(type, bytes)
            try tally.numbers(1, limits, decodedLimit)
            copy(tag.lowerBound..<reader.offset, bytes)
        case (.varints, .delimited), (.fixed32s, .delimited):
            let part = try reader.part(bytes)
            let count = field.role == .varints ? try bytes.varintCount(in: part) : try part.count(of: 4)
            try tally.numbers(count, limits, decodedLimit)
            copy(tag.lowerBound..<part.upperBound, bytes)
        case (.payload(let encoding), .delimited):
            let part = try reader.part(bytes)
            try payload(encoding, part, field: tag.lowerBound, &frame, bytes)
        case (.payload(let encoding), _) where type == encoding.elementType:
            try reader.skipValue(type, bytes)
            try tally.numbers(1, limits, decodedLimit)
            copy(tag.lowerBound..<reader.offset, bytes)
        default:
            throw .unexpectedWireType(found: Int(type.rawValue))
        }
    }

    /// A tensor's elements: a reference in the skeleton, or the few bytes themselves.
    private mutating func payload(
        _ encoding: PayloadReference.Encoding,
        _ part: Range<Int>,
        field start: Int,
        _ frame: inout WireFrame,
        _ bytes: Span<UInt8>
    ) throws(WireFault.Reason) {
        let isShort = part.count < PayloadReference.byteCount
        switch encoding.elementType {
        case .fixed32: _ = try part.count(of: 4)
        case .fixed64: _ = try part.count(of: 8)
        case .varint where isShort: try tally.numbers(bytes.varintCount(in: part), limits, decodedLimit)
        default: break
        }
        if !isShort || encoding == .raw {
            // Either way the skeleton gets a raw_data, of which it may have one.
            guard frame.claimRawData() else { throw .repeated }
        }
        if isShort {
            copy(start..<part.upperBound, bytes)
        } else {
            skeleton.append(WireFrame.rawDataTag)
            skeleton.append(UInt8(PayloadReference.byteCount))
            skeleton.append(contentsOf: PayloadReference(range: part, encoding: encoding).bytes)
        }
    }

    private mutating func copy(_ range: Range<Int>, _ bytes: Span<UInt8>) {
        for offset in range { skeleton.append(bytes[offset]) }
    }

    /// A length as a varint of the width that the file gave it, padded where the skeleton's message is shorter.
    private mutating func writeLength(_ length: Int, at offset: Int, width: Int) {
        precondition(length >= 0 && (width > 8 || length < 1 << (7 * width)), "a skeleton never outgrows its file")
        var rest = length
        for index in 0..<width {
            skeleton[offset + index] = UInt8(rest & 0x7f) | (index + 1 < width ? 0x80 : 0)
            rest >>= 7
        }
    }
}

/// What the scanner hands on.
package struct WireSkeleton {
    /// A serialized ModelProto without weights and without what the importer does not read.
    package let bytes: [UInt8]

    /// What the scanner counted.
    package let tally: WireTally
}
