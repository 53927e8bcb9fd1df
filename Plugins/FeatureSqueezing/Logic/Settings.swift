import PicketTransforms

/// `{ squeezers: [ { bit-depth: 1 }, { median: 2 } ] }`
struct Settings: Decodable {
    let squeezers: [Transform]?

    private enum CodingKeys: String, CodingKey {
        case squeezers
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        squeezers = try members.decodeIfPresent([Transform].self, forKey: .squeezers)
        if let squeezers { try Settings.check(squeezers, members.codingPath + [CodingKeys.squeezers]) }
    }

    /// The paper's squeezers: for MNIST 1 bit and a 2 × 2 median; of those for colour, 5 bits and a 2 × 2 median (CIFAR-10,
    /// ImageNet).
    static func published(for shape: PictureShape) -> [Transform] {
        [.bitDepth(shape.channels == 1 ? 1 : 5), .median(2)]
    }

    private static func check(_ squeezers: [Transform], _ path: [any CodingKey]) throws {
        guard !squeezers.isEmpty else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: path, debugDescription: "found none, expected one squeezer or more")
            )
        }
        for squeezer in squeezers {
            switch squeezer {
            case .bitDepth, .median: continue
            default:
                throw DecodingError.dataCorrupted(
                    .init(codingPath: path, debugDescription: "found \(squeezer.key), expected bit-depth or median")
                )
            }
        }
    }
}
