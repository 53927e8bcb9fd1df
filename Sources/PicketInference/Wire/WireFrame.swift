/// What the scanner remembers of the message that it is in: how often each field stood in it.
struct WireFrame {
    /// `raw_data` (9) as a length-delimited field.
    static let rawDataTag: UInt8 = 9 << 3 | 2

    let kind: WireMessage
    private var counts = InlineArray<32, Int>(repeating: 0)
    private var hasRawData = false

    init(_ kind: WireMessage) {
        self.kind = kind
    }

    /// The index of this occurrence of the field, from 0.
    mutating func count(_ field: WireField) -> Int {
        defer { counts[field.number] += 1 }
        return counts[field.number]
    }

    /// Whether the field, counted already, stands for the first time.
    func isFirst(_ field: WireField) -> Bool { counts[field.number] == 1 }

    /// Takes the one `raw_data` that the skeleton's tensor may have; false where it has one.
    mutating func claimRawData() -> Bool {
        defer { hasRawData = true }
        return !hasRawData
    }
}

/// Where the scanner is, for messages: the fields that led here.
struct WirePlace: CustomStringConvertible {
    private var path: [(name: String, index: Int?)] = []
    private var field: (name: String, index: Int?) = ("", nil)

    /// Where the field starts in the file.
    private(set) var offset = 0

    mutating func enterField(_ name: String, index: Int?, offset: Int) {
        field = (name, index)
        self.offset = offset
    }

    mutating func descend() { path.append(field) }

    mutating func ascend() { path.removeLast() }

    var description: String {
        let steps = (path + [field]).filter { !$0.name.isEmpty }
        guard !steps.isEmpty else { return "model" }
        return steps.map { step in step.index.map { "\(step.name)[\($0)]" } ?? step.name }.joined(separator: ".")
    }
}

extension WireRole {
    /// Whether a second one would replace or merge into the first, which no writer of models does on purpose.
    var isOnce: Bool {
        switch self {
        case .message, .payload, .hollow: true
        case .varint, .fixed32, .text, .bytes, .varints, .fixed32s: false
        }
    }
}

extension PayloadReference.Encoding {
    /// How one element is written where it is not packed; `raw_data` is never anything but packed.
    var elementType: WireType {
        switch self {
        case .raw: .delimited
        case .float32List: .fixed32
        case .float64List: .fixed64
        case .int32List, .int64List, .uint64List: .varint
        }
    }
}

extension Range<Int> {
    /// How many elements of `size` bytes fill the range.
    func count(of size: Int) throws(WireFault.Reason) -> Int {
        guard count.isMultiple(of: size) else { throw .raggedList }
        return count / size
    }
}

extension Span<UInt8> {
    /// How many varints fill the range.
    func varintCount(in range: Range<Int>) throws(WireFault.Reason) -> Int {
        var count = 0
        var length = 0
        for offset in range {
            length += 1
            guard length <= 10 else { throw .overlongVarint }
            if self[offset] & 0x80 == 0 {
                count += 1
                length = 0
            }
        }
        guard length == 0 else { throw .raggedList }
        return count
    }

    /// Whether the range is a string in UTF-8.
    func isUTF8(in range: Range<Int>) -> Bool {
        (try? UTF8Span(validating: extracting(range))) != nil
    }
}
