import PicketTransforms

/// Which 3 × 3 patches of a picture are looked at, and what numbers a patch has.
///
/// All patches that lie within the picture where they are few enough; else those whose centres lie on a square lattice, the
/// densest whose points are few enough, set in the middle of the picture.
struct PatchLattice: Sendable {
    let shape: PictureShape
    /// Numbers of a patch: nine of every plane, in grey levels.
    let dimension: Int
    /// Numbers of pixels at patches' centres, row after row.
    let centres: [Int]
    private let isGrey: Bool

    static let side = 3

    /// - Precondition: the picture is 3 × 3 at least.
    init(_ shape: PictureShape, isGrey: Bool, limit: Int) {
        precondition(min(shape.height, shape.width) >= PatchLattice.side, "a picture holds a patch")
        self.shape = shape
        self.isGrey = isGrey && shape.channels > 1
        dimension = 9 * (self.isGrey ? 1 : shape.channels)
        let (high, wide) = (shape.height - 2, shape.width - 2)
        var step = 1
        while ((high + step - 1) / step) * ((wide + step - 1) / step) > limit { step += 1 }
        let rows = stride(from: 1 + (high - 1) % step / 2, through: high, by: step)
        let columns = stride(from: 1 + (wide - 1) % step / 2, through: wide, by: step)
        centres = rows.flatMap { row in columns.map { row * shape.width + $0 } }
    }

    /// The planes that patches are cut from: the picture's own, or the channels' mean.
    func planes(of picture: GridPicture, channelSums: [Float]) -> [Float] {
        isGrey ? channelSums.map { $0 / Float(shape.channels) } : picture.levels
    }

    /// One patch: plane after plane, row after row.
    func write(patchAt centre: Int, of planes: [Float], into patch: inout [Float]) {
        var place = 0
        for plane in stride(from: 0, to: planes.count, by: shape.pixelCount) {
            for row in -1...1 {
                let start = plane + centre + row * shape.width - 1
                for column in 0..<3 {
                    patch[place] = planes[start + column]
                    place += 1
                }
            }
        }
    }
}
