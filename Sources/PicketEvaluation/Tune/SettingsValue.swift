import Foundation

/// A detector's settings as JSON, taken apart so that parts of a list can be left out.
public enum SettingsValue: Sendable, Hashable, Codable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([SettingsValue])
    case object([String: SettingsValue])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([SettingsValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: SettingsValue].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// From a configuration's canonical text; nil for what is no JSON.
    package init?(text: String) {
        guard let value = try? JSONDecoder().decode(SettingsValue.self, from: Data(text.utf8)) else { return nil }
        self = value
    }

    /// The canonical text: keys sorted, no spaces.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        } catch {
            preconditionFailure("settings that were read hold finite numbers alone: \(error)")
        }
    }

    /// The members of an object; none of anything else.
    package var members: [String: SettingsValue] {
        if case .object(let members) = self { members } else { [:] }
    }

    /// A copy with one member set, or taken away.
    package func setting(_ key: String, to value: SettingsValue?) -> SettingsValue {
        var members = members
        members[key] = value
        return .object(members)
    }
}
