/// A plugin's settings as the one JSON text that stands for them: keys sorted by their bytes, no spaces, numbers with
/// the digits they were written with, types by YAML's core schema.
enum CanonicalJSON {
    /// Returns nil after logging what JSON cannot say.
    static func text(of field: Field) -> String? {
        switch field.node.content {
        case .scalar(let text, let isPlain):
            return scalar(text, isPlain: isPlain, field)
        case .sequence(let nodes):
            let elements = nodes.enumerated().map { index, node in
                self.text(of: Field(node: node, key: "\(field.key)[\(index)]", faults: field.faults))
            }
            return joined(elements, "[", "]")
        case .mapping(let entries):
            let members = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { entry in
                let path = "\(field.key).\(Printable.text(entry.key))"
                return self.text(of: Field(node: entry.value, key: path, faults: field.faults)).map {
                    string(entry.key) + ":" + $0
                }
            }
            return joined(members, "{", "}")
        }
    }

    private static func joined(_ parts: [String?], _ open: String, _ close: String) -> String? {
        let known = parts.compactMap { $0 }
        return known.count == parts.count ? open + known.joined(separator: ",") + close : nil
    }

    private static func scalar(_ text: String, isPlain: Bool, _ field: Field) -> String? {
        guard isPlain else { return string(text) }
        switch CoreScalar(plain: text) {
        case .null: return "null"
        case .boolean(let value): return value ? "true" : "false"
        case .number(let literal): return literal
        case .string(let text): return string(text)
        case .nonFinite:
            field.refuse("a finite number")
            return nil
        }
    }

    /// A JSON string (RFC 8259, section 7). What YAML would refuse or fold into a space is escaped too, so that the text
    /// is a double-quoted YAML scalar as well.
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    static func array(_ numbers: [Double]) -> String {
        "[" + numbers.map(\.description).joined(separator: ",") + "]"
    }
}
