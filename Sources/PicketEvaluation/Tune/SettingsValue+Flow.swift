import Foundation

extension SettingsValue {
    /// As YAML in flow style, to be read by people: plain keys, spaces, strings in quotes.
    package var flow: String {
        switch self {
        case .null, .boolean, .integer, .number: text
        case .string(let value): SettingsValue.string(value).text
        case .array(let elements):
            elements.isEmpty ? "[]" : "[ " + elements.map(\.flow).joined(separator: ", ") + " ]"
        case .object(let members):
            members.isEmpty
                ? "{}"
                : "{ "
                    + members.sorted { $0.key < $1.key }
                    .map { "\(SettingsValue.key($0.key)): \($0.value.flow)" }.joined(separator: ", ") + " }"
        }
    }

    private static func key(_ key: String) -> String {
        let isPlain =
            key.first?.isLetter == true
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        // These letters alone mean truth values to old readers.
        return isPlain && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(key)
            ? key : SettingsValue.string(key).text
    }
}
