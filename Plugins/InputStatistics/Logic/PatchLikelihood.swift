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

    init(of picture: GridPicture, channelSums: [Float], texture: Texture, lattice: PatchLattice, mixture: PatchMixture)
    {
        let planes = lattice.planes(of: picture, channelSums: channelSums)
        var block = PatchBlock(dimension: lattice.dimension)
        var patch = [Float](repeating: 0, count: lattice.dimension)
        var densities = [PatchBlock.Lanes](repeating: .zero, count: mixture.size)
        var likelihoods: [Float] = []
        likelihoods.reserveCapacity(lattice.centres.count)
        for first in stride(from: 0, to: lattice.centres.count, by: PatchBlock.count) {
            let lanes = Swift.min(PatchBlock.count, lattice.centres.count - first)
            for lane in 0..<lanes {
                lattice.write(patchAt: lattice.centres[first + lane], of: planes, into: &patch)
                block.set(patch, lane: lane)
            }
            mixture.write(logDensities: block, into: &densities)
            let found = mixture.negativeLogLikelihoods(densities)
            for lane in 0..<lanes { likelihoods.append(found[lane]) }
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
