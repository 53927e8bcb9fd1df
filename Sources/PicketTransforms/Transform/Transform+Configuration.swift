/// A transform is an object with one key, its name; the value is its parameter.
extension Transform: Decodable {
    private enum Name: String, CodingKey, CaseIterable {
        case bitDepth = "bit-depth"
        case median, nlm, jpeg, blur, tv, wavelet, noise
        case unclampedNoise = "unclamped-noise"
        case deflection, shift, rotate
        case randomRotate = "random-rotate"
        case scale
        case resizePad = "resize-pad"
        case crop, flip, combine
        case oneOf = "one-of"
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Name.self)
        guard let name = members.allKeys.first, members.allKeys.count == 1 else {
            let found = members.allKeys.map(\.rawValue).joined(separator: ", ")
            let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "found \(found.isEmpty ? "no transform" : found), expected one of \(known)"
                )
            )
        }
        self = try Transform.decoded(name, members)
    }

    private static func decoded(_ name: Name, _ members: KeyedDecodingContainer<Name>) throws -> Transform {
        switch name {
        case .bitDepth: .bitDepth(try members.integer(.bitDepth, in: 1...8))
        case .median: .median(try members.integer(.median, in: 2...15))
        case .nlm: try nonLocalMeans(members)
        case .jpeg: .jpeg(try members.integer(.jpeg, in: 1...100))
        case .blur: .blur(try members.number(.blur, in: 0.1...16))
        case .tv: try totalVariation(members)
        case .wavelet: try wavelet(members)
        case .noise: .noise(try members.number(.noise, in: 0.001...1))
        case .unclampedNoise: .unclampedNoise(try members.number(.unclampedNoise, in: 0.001...4))
        case .deflection: try deflection(members)
        case .shift: try shift(members)
        case .rotate: .rotate(try members.angle(.rotate, in: -45...45))
        case .randomRotate: .randomRotate(try members.angle(.randomRotate, in: 0...45))
        case .scale: try scale(members)
        case .resizePad: .resizePad(try members.integer(.resizePad, in: 1...64))
        case .crop: .crop(try members.number(.crop, in: 0.1...0.99))
        case .flip: try flip(members)
        case .combine: .combination(try several(.combine, 2...8, members))
        case .oneOf: .choice(try several(.oneOf, 2...32, members))
        }
    }

    private static func nonLocalMeans(_ members: KeyedDecodingContainer<Name>) throws -> Transform {
        let settings = try members.nestedContainer(keyedBy: NonLocalMeansKey.self, forKey: .nlm)
        return .nonLocalMeans(
            search: try settings.odd(.search, in: 3...31) ?? 11,
            window: try settings.odd(.window, in: 1...11) ?? 3,
            strength: try settings.contains(.strength) ? settings.number(.strength, in: 0.1...100) : 4
        )
    }

    private enum NonLocalMeansKey: String, CodingKey {
        case search, window, strength
    }

    private static func totalVariation(_ members: KeyedDecodingContainer<Name>) throws -> Transform {
        let weights = 0.001...10.0
        if (try? members.decode(Double.self, forKey: .tv)) != nil {
            return .totalVariation(weight: try members.number(.tv, in: weights), keep: 1)
        }
        let settings = try members.nestedContainer(keyedBy: TotalVariationKey.self, forKey: .tv)
        return .totalVariation(
            weight: try settings.number(.weight, in: weights),
            keep: try settings.contains(.keep) ? settings.number(.keep, in: 0.1...1) : 1
        )
    }

    private enum TotalVariationKey: String, CodingKey {
        case weight, keep
    }

    private static func wavelet(_ members: KeyedDecodingContainer<Name>) throws -> Transform {
        guard let word = try? members.decode(String.self, forKey: .wavelet) else {
            return .wavelet(try members.number(.wavelet, in: 0.001...1))
        }
        guard word == "estimated" else {
            throw members.fault(.wavelet, "found \(word), expected a number from 0.001 to 1.0, or estimated")
        }
        return .wavelet(nil)
    }

    private static func deflection(_ members: KeyedDecodingContainer<Name>) throws -> Transform {
        let settings = try members.nestedContainer(keyedBy: DeflectionKey.self, forKey: .deflection)
        return .deflection(
            pixels: try settings.integer(.pixels, in: 1...100_000),
            window: try settings.contains(.window) ? settings.integer(.window, in: 1...64) : 10
        )
    }

    private enum DeflectionKey: String, CodingKey {
        case pixels, window
    }

    private static func shift(_ members: KeyedDecodingContainer<Name>) throws -> Transform {
        let range = -64...64
        var offsets = [0, 0]
        if let right = try? members.decode(Int.self, forKey: .shift) {
            offsets[0] = right
        } else if let both = try? members.decode([Int].self, forKey: .shift), both.count == 2 {
            offsets = both
        } else {
            throw members.fault(.shift, "expected whole pixels to the right, or [right, down]")
        }
        guard offsets.allSatisfy(range.contains), offsets != [0, 0] else {
            throw members.fault(.shift, "found \(offsets), expected pixels from -64 to 64, not both 0")
        }
        return .shift(right: offsets[0], down: offsets[1])
    }

    private static func scale(_ members: KeyedDecodingContainer<Name>) throws -> Transform {
        let factor = try members.number(.scale, in: 0.5...2)
        guard factor != 1 else { throw members.fault(.scale, "found 1, expected a number from 0.5 to 2, not 1") }
        return .scale(factor)
    }

    private static func flip(_ members: KeyedDecodingContainer<Name>) throws -> Transform {
        let axis = try members.decode(String.self, forKey: .flip)
        guard axis == "horizontal" else { throw members.fault(.flip, "found \(axis), expected horizontal") }
        return .flipHorizontal
    }

    /// Transforms in transforms: one level of combinations, which choices may choose.
    private static func several(
        _ name: Name,
        _ counts: ClosedRange<Int>,
        _ members: KeyedDecodingContainer<Name>
    ) throws -> [Transform] {
        let transforms = try members.decode([Transform].self, forKey: name)
        guard counts.contains(transforms.count) else {
            throw members.fault(
                name,
                "found \(transforms.count) transforms, expected \(counts.lowerBound) to \(counts.upperBound)"
            )
        }
        for transform in transforms {
            switch transform {
            case .choice: throw members.fault(name, "found one-of, expected transforms that are known beforehand")
            case .combination where name == .combine:
                throw members.fault(name, "found combine in combine, expected one list of transforms")
            default: continue
            }
        }
        return transforms
    }
}
