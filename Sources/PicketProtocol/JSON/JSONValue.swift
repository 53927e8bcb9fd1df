internal import CSIMDJSON

/// One value of a ``JSONDocument``.
struct JSONValue {
    let document: JSONDocument
    let index: Int

    private var node: picket_json_node { document.nodes[index] }
    private var kind: picket_json_kind { picket_json_kind(rawValue: node.kind) }

    /// What the value is, in JSON's own words.
    var kindName: String {
        switch kind {
        case PICKET_JSON_NULL: "null"
        case PICKET_JSON_BOOL: node.value.integer == 0 ? "false" : "true"
        case PICKET_JSON_INT64: "the number \(node.value.integer)"
        case PICKET_JSON_UINT64: "the number \(node.value.natural)"
        case PICKET_JSON_DOUBLE: "the number \(node.value.real)"
        case PICKET_JSON_STRING: "the string \(quoted(string ?? ""))"
        case PICKET_JSON_OBJECT: "an object"
        default: "an array"
        }
    }

    /// Whether the value is an array that was left unread.
    var isDeferred: Bool { kind == PICKET_JSON_DEFERRED }

    /// The bytes of text that a deferred value takes.
    var byteCount: Int { Int(node.length) }

    var bool: Bool? {
        kind == PICKET_JSON_BOOL ? node.value.integer != 0 : nil
    }

    /// A number without fraction or exponent that fits.
    var integer: Int? {
        kind == PICKET_JSON_INT64 ? Int(node.value.integer) : nil
    }

    var string: String? {
        guard kind == PICKET_JSON_STRING else { return nil }
        return text(of: node)
    }

    /// An array's elements, in order.
    var elements: [JSONValue]? {
        guard kind == PICKET_JSON_ARRAY else { return nil }
        var elements: [JSONValue] = []
        var at = index + 1
        while at < node.next {
            elements.append(JSONValue(document: document, index: at))
            at = Int(document.nodes[at].next)
        }
        return elements
    }

    /// An object's members, in order; no key comes twice.
    var members: [(key: String, value: JSONValue)]? {
        guard kind == PICKET_JSON_OBJECT else { return nil }
        var members: [(key: String, value: JSONValue)] = []
        var at = index + 1
        while at < node.next {
            let value = JSONValue(document: document, index: at + 1)
            members.append((text(of: document.nodes[at]), value))
            at = Int(document.nodes[at + 1].next)
        }
        return members
    }

    private func text(of node: picket_json_node) -> String {
        let start = Int(node.start)
        return String(decoding: document.strings[start..<start + Int(node.length)], as: UTF8.self)
    }
}
