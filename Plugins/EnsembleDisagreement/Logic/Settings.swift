/// `{ members: [fashion-b, fashion-c] }`: models of the configuration, named.
struct Settings: Decodable {
    let members: [String]

    private enum CodingKeys: String, CodingKey {
        case members
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.contains(.members) else {
            throw Settings.fault(container, "is missing, expected names of models in the configuration")
        }
        members = try container.decode([String].self, forKey: .members)
        guard !members.isEmpty else { throw Settings.fault(container, "found none, expected one model or more") }
        for (index, member) in members.enumerated() where members[..<index].contains(member) {
            throw Settings.fault(container, "found \(member) twice, expected it once")
        }
    }

    private static func fault(_ container: KeyedDecodingContainer<CodingKeys>, _ sentence: String) -> DecodingError {
        .dataCorruptedError(forKey: .members, in: container, debugDescription: sentence)
    }
}
