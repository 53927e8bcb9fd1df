/// `{ layers: [early, "/features/7/Relu_output_0"], components: [mahalanobis, "early:knn"], neighbours: 10, dimensions: 256 }`
struct Settings: Decodable {
    /// Positions (early, middle, late) or names of the model's graph; nil: all three positions.
    let layers: [String]?
    /// Names of components, or measures for every layer; nil: the usual ones.
    let components: [String]?
    /// How many clean rows next to a row are looked at.
    let neighbours: Int
    /// A layer's vector is projected to so many numbers where it has more.
    let dimensions: Int

    static let neighbourRange = 1...128
    static let dimensionRange = 3...1024

    private enum CodingKeys: String, CodingKey {
        case layers
        case components
        case neighbours
        case dimensions
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        layers = try members.decodeIfPresent([String].self, forKey: .layers)
        if let layers { try Settings.check(layers, members, .layers, "one layer or more") }
        components = try members.decodeIfPresent([String].self, forKey: .components)
        if let components { try Settings.check(components, members, .components, "one component or more") }
        neighbours = try Settings.integer(members, .neighbours, in: Settings.neighbourRange) ?? 10
        dimensions = try Settings.integer(members, .dimensions, in: Settings.dimensionRange) ?? 256
    }

    private static func check(
        _ names: [String],
        _ members: KeyedDecodingContainer<CodingKeys>,
        _ key: CodingKeys,
        _ expected: String
    ) throws {
        guard !names.isEmpty else { throw fault(members, key, "found none, expected \(expected)") }
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            throw fault(members, key, "found \(name) twice, expected it once")
        }
    }

    private static func integer(
        _ members: KeyedDecodingContainer<CodingKeys>,
        _ key: CodingKeys,
        in range: ClosedRange<Int>
    ) throws -> Int? {
        guard let number = try members.decodeIfPresent(Int.self, forKey: key) else { return nil }
        guard range.contains(number) else {
            throw fault(
                members,
                key,
                "found \(number), expected an integer from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    private static func fault(
        _ members: KeyedDecodingContainer<CodingKeys>,
        _ key: CodingKeys,
        _ sentence: String
    ) -> DecodingError {
        .dataCorruptedError(forKey: key, in: members, debugDescription: sentence)
    }
}
