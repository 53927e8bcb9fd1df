/// A YAML node as far as a configuration uses YAML: no anchors, no tags, string keys, and a place in the file.
struct YAMLNode: Sendable {
    struct Mark: Hashable, Sendable {
        var line: Int
        var column: Int
    }

    struct Entry: Sendable {
        var key: String
        var mark: Mark
        var value: YAMLNode
    }

    enum Content: Sendable {
        /// `isPlain`: written without quotes, so that YAML's core schema gives it a type.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    var content: Content
    var mark: Mark

    /// The node as a fault shows it.
    var summary: String {
        switch content {
        case .scalar(let text, let isPlain):
            if text.isEmpty { return isPlain ? "nothing" : "\"\"" }
            return text
        case .sequence(let elements):
            return elements.isEmpty ? "an empty list" : "a list"
        case .mapping(let entries):
            return entries.isEmpty ? "an empty mapping" : "a mapping"
        }
    }

    /// Whether YAML's core schema reads the node as null.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }
}
