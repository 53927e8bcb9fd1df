import PicketTransforms

/// A sequence of numbers that every machine draws alike (Steele, Lea, Flood: SplitMix64).
struct TestNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// A picture on the byte grid with many equal pixels, where order statistics tie.
func testPicture(_ shape: PictureShape, seed: UInt64) -> [Float] {
    var numbers = TestNumbers(seed: seed)
    return (0..<shape.elementCount).map { _ in
        let draw = numbers.next()
        return draw % 3 == 0 ? 0 : Float(draw >> 56) / 255
    }
}

extension PictureOperation {
    /// The operation on arrays.
    func applied(to picture: [Float], _ shape: PictureShape) throws -> [Float] {
        var result = [Float](repeating: .nan, count: picture.count)
        var span = result.mutableSpan
        try apply(to: picture.span, shape: shape, into: &span)
        return result
    }
}

/// Planes and mirrored edges in the plainest form.
struct ReferencePicture {
    let shape: PictureShape
    let pixels: [Float]

    subscript(channel: Int, y: Int, x: Int) -> Float {
        let row = ReferencePicture.mirror(y, shape.height)
        let column = ReferencePicture.mirror(x, shape.width)
        return pixels[(channel * shape.height + row) * shape.width + column]
    }

    /// Every pixel as a function of its place.
    func map(_ value: (_ channel: Int, _ y: Int, _ x: Int) -> Float) -> [Float] {
        var result: [Float] = []
        for channel in 0..<shape.channels {
            for y in 0..<shape.height {
                for x in 0..<shape.width { result.append(value(channel, y, x)) }
            }
        }
        return result
    }

    /// Steps back at every edge, as long as it takes.
    private static func mirror(_ index: Int, _ extent: Int) -> Int {
        var index = index
        while index < 0 || index >= extent {
            index = index < 0 ? -1 - index : 2 * extent - 1 - index
        }
        return index
    }
}
