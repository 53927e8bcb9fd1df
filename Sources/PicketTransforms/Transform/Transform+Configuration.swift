/// A transform is an object with one key, its name; the value is its parameter.
extension Transform: Decodable {
    private enum Name: String, CodingKey, CaseIterable {
        case bitDepth = "bit-depth"
        case median
        case jpeg
        case shift
        case rotate
        case randomRotate = "random-rotate"
        case resizePad = "resize-pad"
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
        switch name {
        case .bitDepth: self = .bitDepth(try members.integer(.bitDepth, in: 1...8))
        case .median: self = .median(try members.integer(.median, in: 2...11))
        case .jpeg: self = .jpeg(try members.integer(.jpeg, in: 1...100))
        case .shift: self = try Transform.shift(members)
        case .rotate: self = .rotate(try members.angle(.rotate, in: -45...45))
        case .randomRotate: self = .randomRotate(try members.angle(.randomRotate, in: 0...45))
        case .resizePad: self = .resizePad(try members.integer(.resizePad, in: 1...64))
        }
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
}

extension KeyedDecodingContainer {
    fileprivate func fault(_ key: Key, _ sentence: String) -> DecodingError {
        .dataCorruptedError(forKey: key, in: self, debugDescription: sentence)
    }

    fileprivate func integer(_ key: Key, in range: ClosedRange<Int>) throws -> Int {
        let number = try decode(Int.self, forKey: key)
        guard range.contains(number) else {
            throw fault(key, "found \(number), expected an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    fileprivate func angle(_ key: Key, in range: ClosedRange<Double>) throws -> Double {
        let degrees = try decode(Double.self, forKey: key)
        guard range.contains(degrees), degrees != 0 else {
            let bounds = "from \(Int(range.lowerBound)) to \(Int(range.upperBound)), not 0"
            throw fault(key, "found \(degrees), expected degrees \(bounds)")
        }
        return degrees
    }
}
