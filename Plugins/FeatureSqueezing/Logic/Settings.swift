import PicketTransforms

/// `{ squeezers: [ { bit-depth: 1 }, { median: 2 } ], components: [ l1, max:l1 ] }`
struct Settings: Decodable {
    let squeezers: [Transform]?
    let components: [String]?

    private enum CodingKeys: String, CodingKey {
        case squeezers, components
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        squeezers = try members.decodeIfPresent([Transform].self, forKey: .squeezers)
        components = try members.decodeIfPresent([String].self, forKey: .components)
        guard squeezers?.isEmpty != true else {
            throw members.fault(.squeezers, "found none, expected one squeezer or more")
        }
        guard components?.isEmpty != true else {
            throw members.fault(.components, "found none, expected one component or more")
        }
        for squeezer in squeezers ?? [] where !squeezer.isSqueezer {
            throw members.fault(
                .squeezers,
                "found \(squeezer.key), expected bit-depth, median, nlm, jpeg, blur, tv that keeps every pixel, wavelet, "
                    + "or a combination of these"
            )
        }
    }
}
