/// An object of a request with the place it came from, so that what is wrong with a member can be said.
///
/// Members that nobody asks for are let through: clients send parameters of other servers' extensions.
struct JSONMembers {
    private let values: [String: JSONValue]
    private let place: String

    init(_ value: JSONValue, at place: String) throws(Refusal) {
        guard let members = value.members else {
            throw .malformed("\(place): \(value.kindName), expected an object")
        }
        values = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        self.place = place
    }

    private init(values: [String: JSONValue], place: String) {
        self.values = values
        self.place = place
    }

    /// The same object under a name that says more.
    func renamed(_ place: String) -> JSONMembers {
        JSONMembers(values: values, place: place)
    }

    subscript(name: String) -> JSONValue? { values[name] }

    /// Those members that are strings.
    var strings: [String: String] { values.compactMapValues(\.string) }

    func string(_ name: String) throws(Refusal) -> String? {
        guard let value = values[name] else { return nil }
        guard let string = value.string else { throw wrong(name, value, "a string") }
        return string
    }

    func bool(_ name: String) throws(Refusal) -> Bool? {
        guard let value = values[name] else { return nil }
        guard let bool = value.bool else { throw wrong(name, value, "true or false") }
        return bool
    }

    /// An integer, not negative.
    func natural(_ name: String) throws(Refusal) -> Int? {
        guard let value = values[name] else { return nil }
        guard let integer = value.integer, integer >= 0 else { throw wrong(name, value, "an integer, 0 or more") }
        return integer
    }

    func elements(_ name: String) throws(Refusal) -> [JSONValue]? {
        guard let value = values[name] else { return nil }
        guard let elements = value.elements else { throw wrong(name, value, "an array") }
        return elements
    }

    func object(_ name: String) throws(Refusal) -> JSONMembers? {
        guard let value = values[name] else { return nil }
        return try JSONMembers(value, at: place.isEmpty ? name : "\(place), \(name)")
    }

    /// Parameters that change what a request means must not be overlooked, where they are not done.
    func refuse(_ names: [String]) throws(Refusal) {
        for name in names where values[name] != nil {
            throw Refusal(.notSupported, "\(place), \(quoted(name)): not supported in this version")
        }
    }

    func missing(_ name: String, _ expected: String) -> Refusal {
        .malformed("\(place): no \(quoted(name)), expected \(expected)")
    }

    private func wrong(_ name: String, _ value: JSONValue, _ expected: String) -> Refusal {
        let subject = place.isEmpty ? name : "\(place), \(name)"
        return .malformed("\(subject): \(value.kindName), expected \(expected)")
    }
}
