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
    /// From the picture's first patch's place to its numbers.
    private let denseOffsets: [Int]
    private let isGrey: Bool
    /// Whether every patch is looked at.
    private let isDense: Bool

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
        isDense = step == 1
        let rows = stride(from: 1 + (high - 1) % step / 2, through: high, by: step)
        let columns = stride(from: 1 + (wide - 1) % step / 2, through: wide, by: step)
        centres = rows.flatMap { row in columns.map { row * shape.width + $0 } }
        denseOffsets = offsets.map { [centres] in centres[0] + $0 }
    }

    /// The planes that patches are cut from, the picture's own or the channels' mean; then a vector of zeros.
    func planes(of picture: GridPicture) -> [Float] {
        guard isGrey else { return picture.levels }
        let means = picture.channelSums().map { $0 / Float(shape.channels) }
        return means + [Float](repeating: 0, count: GaussianMixture.lanes)
    }

    /// One patch: plane after plane, row after row.
    func write(patchAt place: Int, of planes: [Float], into patch: inout [Float]) {
        for (index, offset) in offsets.enumerated() { patch[index] = planes[centres[place] + offset] }
    }

    /// The negative log-likelihood of every patch, nats, in the lattice's order.
    func likelihoods(of picture: GridPicture, _ mixture: GaussianMixture) -> [Float] {
        isDense ? denseLikelihoods(of: picture, mixture) : sparseLikelihoods(of: picture, mixture)
    }

    /// Neighbours' numbers lie beside each other as the picture lies; what begins at a row's end and goes on at the next one's
    /// beginning is no patch, and left out after.
    private func denseLikelihoods(of picture: GridPicture, _ mixture: GaussianMixture) -> [Float] {
        let (high, wide) = (shape.height - 2, shape.width - 2)
        let found = mixture.likelihoods(
            planes(of: picture),
            offsets: denseOffsets,
            count: (high - 1) * shape.width + wide
        )
        var likelihoods: [Float] = []
        likelihoods.reserveCapacity(high * wide)
        for row in 0..<high { likelihoods += found[row * shape.width..<row * shape.width + wide] }
        return likelihoods
    }

    private func sparseLikelihoods(of picture: GridPicture, _ mixture: GaussianMixture) -> [Float] {
        let planes = planes(of: picture)
        let lanes = GaussianMixture.lanes
        let stride = (centres.count + lanes - 1) / lanes * lanes
        var points = [Float](repeating: 0, count: dimension * stride)
        for (index, offset) in offsets.enumerated() {
            for place in centres.indices { points[index * stride + place] = planes[centres[place] + offset] }
        }
        return mixture.likelihoods(points, offsets: (0..<dimension).map { $0 * stride }, count: centres.count)
    }
}
