import PicketTransforms

/// `{ transforms: [ { jpeg: 75 }, { shift: 1 } ] }`
struct Settings: Decodable {
    let transforms: [Transform]?

    private enum CodingKeys: String, CodingKey {
        case transforms
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        transforms = try members.decodeIfPresent([Transform].self, forKey: .transforms)
        if let transforms, transforms.isEmpty {
            throw DecodingError.dataCorruptedError(
                forKey: .transforms,
                in: members,
                debugDescription: "found none, expected one transform or more"
            )
        }
    }

    /// What most classes bear: compression, a step aside, a random change of size and place, a small turn. Those that do
    /// not suit the shape are left out.
    static func common(to shape: PictureShape) -> [Transform] {
        let candidates: [Transform] = [
            .jpeg(75), .shift(right: 1, down: 0), .resizePad(max(2, min(shape.height, shape.width) / 16)), .rotate(5),
        ]
        return candidates.filter { (try? $0.check(shape)) != nil }
    }
}
