/// `{ autoencoder: fashion-ae, output: decoded, range: [0, 1], temperatures: [10, 40], components: [l1, "js:t40"] }`
struct Settings: Decodable {
    /// A model of the configuration.
    let autoencoder: String
    /// The tensor that holds the reconstruction; nil: the last layer of the model's graph that is shaped like a row.
    let output: String?
    /// Of the reconstruction's pixels; nil: 0...1.
    let range: ClosedRange<Float>?
    let temperatures: [Double]
    /// Names of components; nil: all.
    let components: [String]?

    private enum CodingKeys: String, CodingKey {
        case autoencoder
        case output
        case range
        case temperatures
        case components
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        guard members.contains(.autoencoder) else {
            throw Settings.fault(members, .autoencoder, "is missing, expected the name of a model in the configuration")
        }
        autoencoder = try members.decode(String.self, forKey: .autoencoder)
        output = try members.decodeIfPresent(String.self, forKey: .output)
        range = try members.decodeIfPresent([Double].self, forKey: .range).map { bounds in
            let limits = bounds.map { Float($0) }
            // As float32: what is a range in float64 may be one number here, and pixels are divided by its extent.
            guard limits.count == 2, limits[0] < limits[1], limits.allSatisfy({ abs($0) <= 1e6 }),
                (1 / (limits[1] - limits[0])).isFinite
            else {
                throw Settings.fault(
                    members,
                    .range,
                    "found \(bounds), expected [low, high] of the reconstruction's pixels, within ±1000000"
                )
            }
            return limits[0]...limits[1]
        }
        temperatures = try members.decodeIfPresent([Double].self, forKey: .temperatures) ?? [10, 40]
        for (index, temperature) in temperatures.enumerated() {
            guard (0.1...1000).contains(temperature), !temperatures[..<index].contains(temperature) else {
                throw Settings.fault(
                    members,
                    .temperatures,
                    "found \(temperature), expected numbers from 0.1 to 1000, each once"
                )
            }
        }
        components = try members.decodeIfPresent([String].self, forKey: .components)
    }

    private static func fault(
        _ members: KeyedDecodingContainer<CodingKeys>,
        _ key: CodingKeys,
        _ sentence: String
    ) -> DecodingError {
        .dataCorruptedError(forKey: key, in: members, debugDescription: sentence)
    }
}
