import PicketTransforms

/// Negative log-likelihoods of a picture's patches under the mixture of clean ones, in nats a patch, in the lattice's order.
struct PatchLikelihoods {
    let values: [Float]
    /// Mean over all patches.
    let mean: Double
    /// Mean over patches whose centre is textured; over all where none is, or nobody asked where that is.
    let texturedMean: Double

    /// - Precondition: there is one a patch.
    init(_ values: [Float], texture: Texture?, _ lattice: PatchLattice) {
        precondition(values.count == lattice.centres.count, "a likelihood belongs to a patch")
        self.values = values
        var sum = 0.0
        guard let texture else {
            for value in values { sum += Double(value) }
            mean = sum / Double(values.count)
            texturedMean = mean
            return
        }
        // Both sums in one pass: each waits for its own last addition, not for the other's.
        var textured = 0.0
        var count = 0
        for index in values.indices {
            let value = Double(values[index])
            let counts = texture.isTextured(lattice.centres[index])
            sum += value
            textured += counts ? value : 0
            count += counts ? 1 : 0
        }
        mean = sum / Double(values.count)
        texturedMean = count > 0 ? textured / Double(count) : mean
    }

    /// The 95 % quantile: the value at place ⌈0.95 n⌉ of n in ascending order; and the largest.
    var upperAndMaximum: (upper: Double, maximum: Double) {
        let sorted = values.sorted()
        return (Double(sorted[(95 * sorted.count + 99) / 100 - 1]), Double(sorted[sorted.count - 1]))
    }
}
