/// A mapping with a known set of keys.
struct Section {
    let location: SourceLocation
    let faults: FaultLog
    private let fields: [String: Field]

    /// Returns nil after logging that the field is no mapping.
    ///
    /// Keys that are neither in `keys` nor in `unsupported` are logged, with the nearest known one.
    init?(_ field: Field, keys: [String], unsupported: [String] = []) {
        guard case .mapping(let entries) = field.node.content else {
            field.refuse("a mapping with the keys \(keys.joined(separator: ", "))")
            return nil
        }
        location = field.location
        faults = field.faults
        var fields: [String: Field] = [:]
        for entry in entries where !faults.isFull {
            let name = Printable.text(entry.key)
            let path = field.key.isEmpty ? name : "\(field.key).\(name)"
            let place = SourceLocation(line: entry.mark.line, column: entry.mark.column, key: path)
            if keys.contains(entry.key) {
                fields[entry.key] = Field(node: entry.value, key: path, faults: faults)
            } else if unsupported.contains(entry.key) {
                faults.add(place, value: "not supported in this version", expected: "no such key")
            } else {
                faults.add(place, value: "unknown key", expected: Self.expected(entry.key, among: keys))
            }
        }
        self.fields = fields
    }

    private static func expected(_ key: String, among keys: [String]) -> String {
        let all = "one of \(keys.joined(separator: ", "))"
        guard let nearest = Suggestion.nearest(to: key, among: keys) else { return all }
        return "\(all); did you mean \(nearest)?"
    }

    /// The field of a key that may be left out.
    subscript(key: String) -> Field? {
        fields[key]
    }

    /// The field of a key that must be there; its absence is logged.
    func required(_ key: String, _ expected: String) -> Field? {
        if let field = fields[key] {
            return field
        }
        let path = location.key.isEmpty ? key : "\(location.key).\(key)"
        let place = SourceLocation(line: location.line, column: location.column, key: path)
        faults.add(place, value: "missing", expected: expected)
        return nil
    }
}
