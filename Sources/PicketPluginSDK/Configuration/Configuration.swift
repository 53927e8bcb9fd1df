/// The configuration of one detector, as the operator wrote it under `config:`.
public struct Configuration: Sendable, Hashable {
    private let value: JSONValue

    /// - Throws: ``DetectorFault/invalid(_:)`` where the text is no JSON, or no object. Nothing at all, and `null`, are an
    ///   empty object.
    public init(json: String) throws {
        let parsed = json.allSatisfy(\.isWhitespace) ? JSONValue.null : try JSONValue(parsing: json)
        switch parsed {
        case .null: value = .object([:])
        case .object: value = parsed
        default: throw DetectorFault.invalid("config: found \(parsed), expected an object of settings")
        }
    }

    /// The settings as a type. Keys that the type does not know are refused, wherever they are.
    ///
    /// Defaults are the type's own business: optional properties, or `decodeIfPresent` in its initialiser.
    ///
    /// - Throws: ``DetectorFault/invalid(_:)`` that names the key's path, the value found, and what was expected.
    public func decoded<Settings: Decodable>(as type: Settings.Type) throws -> Settings {
        do {
            return try Settings(from: ValueDecoder(value: value, codingPath: []))
        } catch let error as DecodingError {
            throw DetectorFault.invalid(error.sentence)
        }
    }
}

extension DecodingError {
    /// "squeezers[0].median: found 1, expected an integer from 2 to 11".
    fileprivate var sentence: String {
        switch self {
        case .keyNotFound(let key, let context):
            "\(path(context.codingPath + [key])): is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(path(context.codingPath)): \(context.debugDescription)"
        @unknown default:
            "config: \(self)"
        }
    }

    private func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }.nonEmpty(or: "config")
    }
}

extension String {
    fileprivate func nonEmpty(or replacement: String) -> String { isEmpty ? replacement : self }
}
