internal import CPicketABI

/// Text that came across the plugin boundary: cut to a bound, repaired to UTF-8, freed of control characters.
enum ForeignText {
    static let messageByteLimit = Int(PICKET_ERROR_CAPACITY)

    /// Bytes of unknown content, at most `limit` of them.
    static func repaired(_ bytes: some Collection<UInt8>, limit: Int = messageByteLimit) -> String {
        let cut = bytes.prefix(limit)
        var text = String(decoding: cut, as: UTF8.self)
        text.unicodeScalars = String.UnicodeScalarView(
            text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
        )
        return text
    }

    /// A string argument of a plugin's call.
    ///
    /// The pointer is the plugin's and valid for the call that handed it over; the text is copied here and now.
    static func repaired(_ string: picket_string, limit: Int = messageByteLimit) -> String {
        guard let base = string.bytes else { return "" }
        return repaired(UnsafeRawBufferPointer(start: base, count: min(max(string.length, 0), limit)), limit: limit)
    }

    /// A string argument that must be valid: nil where it is longer than `limit`, empty, or no printable ASCII.
    static func name(_ string: picket_string, limit: Int) -> String? {
        guard let base = string.bytes, string.length > 0, string.length <= limit else { return nil }
        let bytes = UnsafeRawBufferPointer(start: base, count: string.length)
        guard bytes.allSatisfy({ (0x20...0x7e).contains($0) }) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A zero-terminated constant of a plugin's table: nil where no end comes within `limit` bytes, or it is empty or no
    /// printable ASCII.
    static func constant(_ pointer: UnsafePointer<CChar>?, limit: Int) -> String? {
        guard let pointer else { return nil }
        var length = 0
        while length <= limit, pointer[length] != 0 { length += 1 }
        return name(picket_string(bytes: pointer, length: length), limit: limit)
    }
}

extension picket_error {
    /// What the plugin wrote, or a sentence in its place.
    var text: String {
        let bytes = withUnsafeBytes(of: message) { Array($0.prefix { $0 != 0 }) }
        return bytes.isEmpty ? "the plugin gave no reason" : ForeignText.repaired(bytes)
    }

    /// Writes a reason for the plugin to read; what does not fit is cut between characters.
    mutating func write(_ text: String) {
        var length = 0
        for character in text {
            let next = length + character.utf8.count
            if next >= Int(PICKET_ERROR_CAPACITY) { break }
            length = next
        }
        withUnsafeMutableBytes(of: &message) { bytes in
            bytes.copyBytes(from: text.utf8.prefix(length))
            bytes[length] = 0
        }
    }
}

extension String {
    /// The text between quotation marks, long ones cut, control characters replaced.
    var quoted: String {
        "\"" + ForeignText.repaired(utf8, limit: 128) + "\""
    }

    /// Calls `body` with the text as the boundary's string type; the pointer is valid for the call.
    func withPicketString<Result, Failure: Error>(
        _ body: (picket_string) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = Array(utf8CString)
        return try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) -> Result in
            try body(picket_string(bytes: buffer.baseAddress, length: buffer.count - 1))
        }
    }
}
