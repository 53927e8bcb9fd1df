import PicketTransforms

/// How unlikely a picture's patches are under the mixture of clean ones: negative log-likelihoods in nats a patch.
struct PatchLikelihood {
    /// The components, in the order of their declaration; higher = more suspicious.
    enum Component: String, CaseIterable {
        /// Mean over all patches that are looked at.
        case mean = "patches:mean"
        /// The 95 % quantile: the value at place ⌈0.95 n⌉ of n in ascending order.
        case upper = "patches:upper"
        /// The largest.
        case max = "patches:max"
        /// Mean over patches whose centre is textured; over all where none is. Attacks on empty background do not show here.
        case textured = "patches:textured"
    }

    private let values: [Double]

    init(
        of picture: GridPicture,
        channelSums: [Float],
        texture: Texture,
        lattice: PatchLattice,
        mixture: GaussianMixture
    ) {
        let planes = lattice.planes(of: picture, channelSums: channelSums)
        let lanes = GaussianMixture.lanes
        var points = [Float](repeating: 0, count: lanes * lattice.dimension)
        var densities = [Float](repeating: 0, count: lanes * mixture.size)
        var found = [Float](repeating: 0, count: lanes)
        var likelihoods: [Float] = []
        likelihoods.reserveCapacity(lattice.centres.count)
        for first in stride(from: 0, to: lattice.centres.count, by: lanes) {
            let whole = Swift.min(lanes, lattice.centres.count - first)
            lattice.write(patchesFrom: first, count: whole, of: planes, into: &points)
            mixture.evaluate(points, densities: &densities, likelihoods: &found)
            likelihoods += found[..<whole]
        }
        let count = likelihoods.count
        var sum = 0.0
        var texturedSum = 0.0
        var texturedCount = 0
        for (likelihood, centre) in zip(likelihoods, lattice.centres) {
            sum += Double(likelihood)
            if texture.isTextured[centre] {
                texturedSum += Double(likelihood)
                texturedCount += 1
            }
        }
        likelihoods.sort()
        values = [
            sum / Double(count), Double(likelihoods[(95 * count + 99) / 100 - 1]), Double(likelihoods[count - 1]),
            texturedCount > 0 ? texturedSum / Double(texturedCount) : sum / Double(count),
        ]
    }

    subscript(component: Int) -> Double { values[component] }
}
