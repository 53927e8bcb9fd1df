import FoundationEssentials

/// A JSON text as a tree.
enum JSONValue: Sendable, Hashable, Decodable, CustomStringConvertible {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// - Throws: ``DetectorFault/invalid(_:)`` where the text is no JSON.
    init(parsing text: String) throws {
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        } catch {
            throw DetectorFault.invalid("config: found \(JSONValue.quoted(text)), expected a JSON object")
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let boolean = try? container.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let array = try? container.decode([JSONValue].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// The value as a fault names it; long texts are cut.
    var description: String {
        switch self {
        case .null: "null"
        case .boolean(let boolean): "\(boolean)"
        case .number(let number): JSONValue.text(number)
        case .string(let string): JSONValue.quoted(string)
        case .array(let elements): "an array of \(elements.count)"
        case .object(let members):
            members.isEmpty ? "an empty object" : "an object with \(members.keys.sorted().joined(separator: ", "))"
        }
    }

    /// Whole numbers without a fraction.
    static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }

    private static func quoted(_ text: String) -> String {
        let head = text.prefix(40)
        return "\"\(head)\(head.count < text.count ? "…" : "")\""
    }
}
