import PicketTransforms

/// Negative log-likelihoods of a picture's patches under the mixture of clean ones, in nats a patch, in the lattice's order.
struct PatchLikelihoods {
    let values: [Float]

    init(of picture: GridPicture, lattice: PatchLattice, mixture: GaussianMixture) {
        let planes = lattice.planes(of: picture)
        let lanes = GaussianMixture.lanes
        var points = [Float](repeating: 0, count: lanes * lattice.dimension)
        var densities = [Float](repeating: 0, count: lanes * mixture.size)
        var found = [Float](repeating: 0, count: lanes)
        var likelihoods: [Float] = []
        likelihoods.reserveCapacity(lattice.centres.count)
        var last: [Float] = []
        for first in stride(from: 0, to: lattice.centres.count, by: lanes) {
            let whole = min(lanes, lattice.centres.count - first)
            lattice.write(patchesFrom: first, count: whole, of: planes, into: &points)
            // Empty background: the same sixteen patches again have the same likelihoods.
            if points != last {
                mixture.evaluate(points, densities: &densities, likelihoods: &found)
                last = points
            }
            likelihoods += found[..<whole]
        }
        values = likelihoods
    }

    /// Mean over all patches.
    var mean: Double { values.reduce(0.0) { $0 + Double($1) } / Double(values.count) }

    /// Mean over patches whose centre is textured; over all where none is.
    func mean(where texture: Texture, _ lattice: PatchLattice) -> Double {
        var sum = 0.0
        var count = 0
        for (value, centre) in zip(values, lattice.centres) where texture.isTextured[centre] {
            sum += Double(value)
            count += 1
        }
        return count > 0 ? sum / Double(count) : mean
    }

    /// The 95 % quantile: the value at place ⌈0.95 n⌉ of n in ascending order; and the largest.
    var upperAndMaximum: (upper: Double, maximum: Double) {
        let sorted = values.sorted()
        return (Double(sorted[(95 * sorted.count + 99) / 100 - 1]), Double(sorted[sorted.count - 1]))
    }
}
