import PicketTransforms

/// Negative log-likelihoods of a picture's patches under the mixture of clean ones, in nats a patch, in the lattice's order.
struct PatchLikelihoods {
    let values: [Float]
    /// Mean over all patches.
    let mean: Double

    init(_ values: [Float]) {
        self.values = values
        mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    }

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
