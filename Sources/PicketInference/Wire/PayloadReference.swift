/// Where a tensor's elements lie in the model's file, in place of the elements themselves.
///
/// The scanner writes it as the sixteen bytes of `raw_data` in the skeleton. Elements of fewer than sixteen bytes stay
/// as they are, so the length alone tells a reference (exactly sixteen) from elements (fewer), and a skeleton never
/// grows past its file.
package struct PayloadReference: Equatable {
    /// How the elements are written.
    package enum Encoding: UInt8 {
        /// `raw_data`: little-endian, of the tensor's own element type.
        case raw
        /// `float_data`, packed: 32-bit floats.
        case float32List
        /// `double_data`, packed: 64-bit floats.
        case float64List
        /// `int32_data`, packed: varints; bool, the integers up to 32 bits, and the bits of 16-bit floats.
        case int32List
        /// `int64_data`, packed: varints.
        case int64List
        /// `uint64_data`, packed: varints; 32-bit unsigned too.
        case uint64List
    }

    static let byteCount = 16

    /// The elements' bytes in the file.
    package let range: Range<Int>
    package let encoding: Encoding

    init(range: Range<Int>, encoding: Encoding) {
        self.range = range
        self.encoding = encoding
    }

    /// The reference in a skeleton's `raw_data`, or nil where that holds elements.
    package init?(rawData: some Collection<UInt8>) {
        guard rawData.count == PayloadReference.byteCount else { return nil }
        let words = rawData.enumerated().reduce(into: [UInt64](repeating: 0, count: 2)) { words, byte in
            words[byte.offset / 8] |= UInt64(byte.element) << UInt64(8 * (byte.offset % 8))
        }
        guard
            let encoding = Encoding(rawValue: UInt8(words[1] >> 56)),
            let offset = Int(exactly: words[0]),
            let length = Int(exactly: words[1] & (1 << 56 - 1)),
            let end = Optional(offset.addingReportingOverflow(length)), !end.overflow
        else { return nil }
        self.init(range: offset..<end.partialValue, encoding: encoding)
    }

    /// The sixteen bytes: offset, then length with the encoding in its highest byte, both little-endian.
    var bytes: [UInt8] {
        let words = [UInt64(range.lowerBound), UInt64(range.count) | UInt64(encoding.rawValue) << 56]
        return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
    }
}
