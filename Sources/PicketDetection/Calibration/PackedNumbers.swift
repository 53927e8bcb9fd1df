internal import Foundation

/// Numbers of a calibration file in one text: `float32:` or `float64:`, and their little-endian bytes in Base64. The narrow
/// form is taken where it loses nothing, which is so for components, since calibration rounds them; decimal digits of five
/// thousand rows would take four times the room.
struct PackedNumbers: Codable, Hashable {
    var values: [Double]

    private static let narrow = "float32:"
    private static let wide = "float64:"

    init(_ values: [Double]) {
        self.values = values
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        let isNarrow = text.hasPrefix(PackedNumbers.narrow)
        let size = isNarrow ? 4 : 8
        guard isNarrow || text.hasPrefix(PackedNumbers.wide),
            let bytes = Data(base64Encoded: String(text.dropFirst(PackedNumbers.narrow.count))),
            bytes.count.isMultiple(of: size)
        else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected float32: or float64: and whole numbers of that kind in Base64"
            )
        }
        values = LittleEndian.words(Array(bytes), size: size).map { word in
            isNarrow ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: word))) : Double(bitPattern: word)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        guard values.allSatisfy(\.isFinite) else {
            throw EncodingError.invalidValue(
                values,
                EncodingError.Context(codingPath: container.codingPath, debugDescription: "a number is not finite")
            )
        }
        let isNarrow = values.allSatisfy { Double(Float($0)) == $0 }
        let words = isNarrow ? values.map { UInt64(Float($0).bitPattern) } : values.map(\.bitPattern)
        let bytes = Data(LittleEndian.bytes(words, size: isNarrow ? 4 : 8))
        try container.encode((isNarrow ? PackedNumbers.narrow : PackedNumbers.wide) + bytes.base64EncodedString())
    }
}

/// Whole numbers as bytes, the lowest first.
enum LittleEndian {
    static func bytes(_ words: [UInt64], size: Int) -> [UInt8] {
        words.flatMap { word in (0..<size).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
    }

    /// - Precondition: a whole number of words.
    static func words(_ bytes: [UInt8], size: Int) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: size).map { start in
            (0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        }
    }
}

extension Double {
    /// The nearest float32, finite: the precision that components are calibrated and judged in. Equal components stay
    /// equal, so ties stay exact.
    var componentPrecision: Double {
        let limit = Double(Float.greatestFiniteMagnitude)
        return Double(Float(Swift.min(Swift.max(self, -limit), limit)))
    }
}
