import Foundation

/// A value of JSON whose kinds do not run into one another.
enum JSON: Decodable, Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(_ text: some Sequence<UInt8>) throws {
        self = try JSONDecoder().decode(JSON.self, from: Data(text))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    /// A member; `.null` where there is none.
    subscript(_ name: String) -> JSON { members[name] ?? .null }

    var members: [String: JSON] {
        if case .object(let members) = self { members } else { [:] }
    }

    var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    var number: Double? {
        if case .number(let value) = self { value } else { nil }
    }

    var text: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var truth: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The kind's name, as tables of contracts write it.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .number(let value): value.rounded() == value ? "integer" : "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// Where a value is not of the contract: `["n": "integer"]`; a number may happen to be whole, further members are
    /// allowed.
    func complaints(against contract: [String: String]) -> [String] {
        contract.sorted { $0.key < $1.key }.compactMap { name, wanted in
            guard let found = members[name]?.kind else { return "\(name) is missing" }
            let fits = wanted.split(separator: "|").contains { $0 == found || ($0 == "number" && found == "integer") }
            return fits ? nil : "\(name) is \(found), expected \(wanted)"
        }
    }
}
