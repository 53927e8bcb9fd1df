/// The bytes of a configuration file, checked for what the YAML parser must not meet.
struct SourceText: Sendable {
    /// Largest file read, in bytes. A configuration of a hundred models is some 50 KiB.
    static let byteLimit = 1 << 20

    /// Most alias-like words (`*name`) that are handed to the parser, which would expand them.
    ///
    /// Yams compares the keys of each mapping by value, aliases expanded. Nested aliases grow as the power of their
    /// number; up to four of them stay within a small multiple of the file. All are refused afterwards, in ``YAMLDocument``.
    static let aliasLimit = 4

    let text: String

    /// Returns nil after logging what was wrong.
    init?(_ bytes: [UInt8], faults: FaultLog) {
        guard bytes.count <= Self.byteLimit else {
            let place = SourceLocation(line: 1, column: 1, key: "")
            faults.add(place, value: "\(bytes.count) bytes or more", expected: "at most \(Self.byteLimit) bytes")
            return nil
        }
        guard let text = Self.decode(bytes, faults: faults) else { return nil }
        self.text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        guard Self.hasNoForbiddenScalar(text, faults: faults), Self.hasFewAliases(bytes, faults: faults) else {
            return nil
        }
    }

    private static func decode(_ bytes: [UInt8], faults: FaultLog) -> String? {
        if let text = String(validating: bytes, as: UTF8.self) {
            return text
        }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        var place = SourceLocation(line: 1, column: 1, key: "")
        scan: while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar):
                advance(&place, isNewline: scalar.count == 1 && scalar.first == 0x0A)
                offset += scalar.count
            case .error, .emptyInput:
                break scan
            }
        }
        let byte = offset < bytes.count ? "byte 0x" + String(bytes[offset], radix: 16) : "a cut character"
        faults.add(place, value: byte, expected: "UTF-8 text")
        return nil
    }

    private static func hasNoForbiddenScalar(_ text: String, faults: FaultLog) -> Bool {
        var place = SourceLocation(line: 1, column: 1, key: "")
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || scalar.value == 0x7F
            if isControl, scalar != "\n", scalar != "\r", scalar != "\t" {
                let value = "control character 0x" + String(scalar.value, radix: 16)
                faults.add(place, value: value, expected: "text without control characters")
                return false
            }
            advance(&place, isNewline: scalar == "\n")
        }
        return true
    }

    /// A line that begins with `#` and holds no quote is a comment or lies within a scalar: no alias can stand in it.
    private static func hasFewAliases(_ bytes: [UInt8], faults: FaultLog) -> Bool {
        var found = 0
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let first = line.first { $0 != 0x20 && $0 != 0x09 }
            if first == UInt8(ascii: "#"), !line.contains(UInt8(ascii: "\"")), !line.contains(UInt8(ascii: "'")) {
                continue
            }
            for index in line.indices where line[index] == UInt8(ascii: "*") {
                guard index + 1 < line.endIndex, isAnchorCharacter(line[index + 1]) else { continue }
                found += 1
                if found > aliasLimit {
                    let column = index - line.startIndex + 1
                    let place = SourceLocation(line: number + 1, column: column, key: "")
                    faults.add(place, value: "many aliases", expected: "no anchors and no aliases (*name)")
                    return false
                }
            }
        }
        return true
    }

    private static func isAnchorCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }

    private static func advance(_ place: inout SourceLocation, isNewline: Bool) {
        if isNewline {
            place.line += 1
            place.column = 1
        } else {
            place.column += 1
        }
    }
}
