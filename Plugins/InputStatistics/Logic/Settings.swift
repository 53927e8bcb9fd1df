import PicketTransforms

/// `{ colour: all, mixture: 16, patches: 2048, texture: 16, denoisers: [ { median: 3 }, { blur: 0.5 } ], components: [ excess ] }`
struct Settings: Decodable {
    /// What a pixel of a patch is.
    enum Colour: String, CaseIterable {
        /// Every channel's value.
        case all
        /// The channels' mean.
        case grey
    }

    /// nil: all channels of pictures with at most three, else grey.
    let colour: Colour?
    /// Gaussians of the mixture.
    let mixture: Int
    /// Most patches of a picture that are looked at.
    let patches: Int
    /// Grey levels that the picture's blurred surroundings of a pixel span where it is not flat.
    let texture: Int
    let denoisers: [Transform]
    /// Names of components; nil: the usual ones.
    let components: [String]?

    /// One for single pixels and edges, one for everything that is finer than pictures are.
    static let usualDenoisers: [Transform] = [.median(3), .blur(0.5)]

    static let mixtureSizes = 1...GaussianMixture.sizeLimit

    private enum CodingKeys: String, CodingKey {
        case colour
        case mixture
        case patches
        case texture
        case denoisers
        case components
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        colour = try members.decodeIfPresent(String.self, forKey: .colour).map { name in
            guard let colour = Colour(rawValue: name) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .colour,
                    in: members,
                    debugDescription: "found \(name), expected all or grey"
                )
            }
            return colour
        }
        mixture = try members.integer(.mixture, in: Settings.mixtureSizes) ?? 16
        patches = try members.integer(.patches, in: 16...1 << 20) ?? 2048
        texture = try members.integer(.texture, in: 1...255) ?? 16
        denoisers = try members.decodeIfPresent([Transform].self, forKey: .denoisers) ?? Settings.usualDenoisers
        if let index = denoisers.firstIndex(where: { !$0.isSqueezer }) {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: members.codingPath + [CodingKeys.denoisers],
                    debugDescription: "found \(denoisers[index].key), expected what leaves everything in its place"
                )
            )
        }
        components = try members.decodeIfPresent([String].self, forKey: .components)
    }
}

extension KeyedDecodingContainer {
    fileprivate func integer(_ key: Key, in range: ClosedRange<Int>) throws -> Int? {
        guard let number = try decodeIfPresent(Int.self, forKey: key) else { return nil }
        guard range.contains(number) else {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: self,
                debugDescription: "found \(number), expected an integer from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }
}
