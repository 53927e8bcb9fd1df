import PicketTransforms

/// `{ members: [fashion-b, fashion-c], squeezers: [ { median: 2 } ], components: [ js, margin ], temperatures: fitted }`
struct Settings: Decodable {
    enum Temperatures: String, CaseIterable {
        /// From the labels of the clean rows, where they have some.
        case fitted
        /// All 1.
        case one
    }

    let members: [String]
    let squeezers: [Transform]
    let components: [String]?
    let temperatures: Temperatures

    private enum CodingKeys: String, CodingKey {
        case members, squeezers, components, temperatures
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.contains(.members) else {
            throw container.fault(.members, "is missing, expected names of models in the configuration")
        }
        members = try container.decode([String].self, forKey: .members)
        guard !members.isEmpty else { throw container.fault(.members, "found none, expected one model or more") }
        for (index, member) in members.enumerated() where members[..<index].contains(member) {
            throw container.fault(.members, "found \(member) twice, expected it once")
        }
        squeezers = try container.decodeIfPresent([Transform].self, forKey: .squeezers) ?? []
        components = try container.decodeIfPresent([String].self, forKey: .components)
        guard components?.isEmpty != true else {
            throw container.fault(.components, "found none, expected one component or more")
        }
        let word = try container.decodeIfPresent(String.self, forKey: .temperatures) ?? Temperatures.fitted.rawValue
        guard let known = Temperatures(rawValue: word) else {
            throw container.fault(.temperatures, "found \(word), expected fitted or one")
        }
        temperatures = known
    }
}
