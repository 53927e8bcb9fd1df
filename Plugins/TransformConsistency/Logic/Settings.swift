import PicketTransforms

/// `{ transforms: [ { jpeg: 75 }, { shift: 1 } ], draw: 1, components: [ margin, mean:js ] }`
struct Settings: Decodable {
    let transforms: [Transform]?
    let draw: Int?
    let components: [String]?

    private enum CodingKeys: String, CodingKey {
        case transforms, draw, components
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        transforms = try members.decodeIfPresent([Transform].self, forKey: .transforms)
        draw = try members.decodeIfPresent(Int.self, forKey: .draw)
        components = try members.decodeIfPresent([String].self, forKey: .components)
        guard transforms?.isEmpty != true else {
            throw members.fault(.transforms, "found none, expected one transform or more")
        }
        guard components?.isEmpty != true else {
            throw members.fault(.components, "found none, expected one component or more")
        }
    }
}
