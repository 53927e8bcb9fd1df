/// Reads what ``StateWriter`` wrote, from bytes that may be damaged or hostile: every field is checked before memory is
/// taken for it, and a fault names the field, what was found, and what was expected.
public struct StateReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0

    /// Checks the magic word and the version.
    public init(_ bytes: [UInt8], magic: StaticString, version: UInt32) throws(StateFault) {
        self.bytes = bytes
        let expected = magic.withUTF8Buffer { Array($0) }
        guard bytes.starts(with: expected) else {
            throw StateFault("state: begins with \(Array(bytes.prefix(4))), expected the letters \(magic)")
        }
        position = expected.count
        let found = try word("version")
        guard found == version else { throw StateFault("state: version is \(found), expected \(version)") }
    }

    /// A count of 32 bits, in a range.
    public mutating func count(_ field: String, in range: ClosedRange<Int>) throws(StateFault) -> Int {
        let count = Int(try word(field))
        guard range.contains(count) else {
            let bounds =
                range.lowerBound == range.upperBound
                ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw StateFault("state: \(field) is \(count), expected \(bounds)")
        }
        return count
    }

    /// So many counts of 32 bits, each in a range.
    public mutating func counts(
        _ field: String,
        _ count: Int,
        in range: ClosedRange<Int>
    ) throws(StateFault) -> [Int] {
        try need(count, field)
        var counts: [Int] = []
        counts.reserveCapacity(count)
        for index in 0..<count { counts.append(try self.count("\(field)[\(index)]", in: range)) }
        return counts
    }

    /// So many finite float32 numbers.
    public mutating func floats(_ field: String, _ count: Int) throws(StateFault) -> [Float] {
        try need(count, field)
        var floats: [Float] = []
        floats.reserveCapacity(count)
        for index in 0..<count {
            let float = Float(bitPattern: try word(field))
            guard float.isFinite else {
                throw StateFault("state: \(field)[\(index)] is \(float), expected a finite number")
            }
            floats.append(float)
        }
        return floats
    }

    /// Nothing may follow the last field.
    public func finish() throws(StateFault) {
        guard position == bytes.count else {
            throw StateFault("state: \(bytes.count - position) bytes follow its end, expected none")
        }
    }

    private func need(_ words: Int, _ field: String) throws(StateFault) {
        let left = bytes.count - position
        guard words >= 0, words <= left / 4 else {
            throw StateFault("state: ends within \(field), \(left) bytes are left for \(words) numbers")
        }
    }

    private mutating func word(_ field: String) throws(StateFault) -> UInt32 {
        try need(1, field)
        var word: UInt32 = 0
        for offset in 0..<4 { word |= UInt32(bytes[position + offset]) << UInt32(8 * offset) }
        position += 4
        return word
    }
}

/// Why a state can't be read, in one sentence.
public struct StateFault: Error, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
