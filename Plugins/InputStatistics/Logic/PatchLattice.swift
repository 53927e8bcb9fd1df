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
    /// From a patch's centre to each of its numbers.
    private let offsets: [Int]
    private let isGrey: Bool

    static let side = 3

    /// - Precondition: the picture is 3 × 3 at least.
    init(_ shape: PictureShape, isGrey: Bool, limit: Int) {
        precondition(min(shape.height, shape.width) >= PatchLattice.side, "a picture holds a patch")
        self.shape = shape
        self.isGrey = isGrey && shape.channels > 1
        dimension = 9 * (self.isGrey ? 1 : shape.channels)
        let planes = dimension / 9
        offsets = (0..<planes).flatMap { plane in
            (-1...1).flatMap { row in
                (-1...1).map { plane * shape.pixelCount + row * shape.width + $0 }
            }
        }
        let (high, wide) = (shape.height - 2, shape.width - 2)
        var step = 1
        while ((high + step - 1) / step) * ((wide + step - 1) / step) > limit { step += 1 }
        let rows = stride(from: 1 + (high - 1) % step / 2, through: high, by: step)
        let columns = stride(from: 1 + (wide - 1) % step / 2, through: wide, by: step)
        centres = rows.flatMap { row in columns.map { row * shape.width + $0 } }
    }

    /// The planes that patches are cut from: the picture's own, or the channels' mean.
    func planes(of picture: GridPicture) -> [Float] {
        isGrey ? picture.channelSums().map { $0 / Float(shape.channels) } : picture.levels
    }

    /// One patch: plane after plane, row after row.
    func write(patchAt place: Int, of planes: [Float], into patch: inout [Float]) {
        for (index, offset) in offsets.enumerated() { patch[index] = planes[centres[place] + offset] }
    }

    /// Up to sixteen patches side by side: number d of patch p at 16 d + p.
    func write(patchesFrom first: Int, count: Int, of planes: [Float], into points: inout [Float]) {
        for (index, offset) in offsets.enumerated() {
            for lane in 0..<count {
                points[index * GaussianMixture.lanes + lane] = planes[centres[first + lane] + offset]
            }
        }
    }
}
