public import PicketPluginSDK
import PicketTransforms

extension InputStatistics {
    /// Patches that a mixture is fitted on, at most.
    static let fitLimit = 30_000

    /// Fewer patches than this a Gaussian teach nothing about it.
    static let fewestPatches = 50

    /// Learns the mixture from patches of clean pictures: as many of each, at places drawn from a fixed seed.
    public func fit(_ clean: CleanRows, into state: StateSink) throws {
        let perRow = min(lattice.centres.count, max(1, InputStatistics.fitLimit / max(clean.count, 1)))
        let rows = min(clean.count, InputStatistics.fitLimit / perRow)
        let needed = InputStatistics.fewestPatches * mixtureSize
        guard rows * perRow >= needed else {
            throw DetectorFault.invalid(
                "input-statistics fits a mixture of \(mixtureSize) on \(needed) patches or more, found \(rows * perRow) in "
                    + "\(clean.count) clean rows"
            )
        }
        var random = SplitMix(seed: 0x7061_7463_6865_73)
        var patches: [Float] = []
        patches.reserveCapacity(rows * perRow * lattice.dimension)
        var patch = [Float](repeating: 0, count: lattice.dimension)
        for row in 0..<rows {
            try clean.withRow(row * clean.count / rows) { evidence in
                let picture = try evidence.input.withElements { try GridPicture($0, shape: lattice.shape) }
                let planes = lattice.planes(of: picture)
                for _ in 0..<perRow {
                    let place = Int(random.uniform() * Double(lattice.centres.count))
                    lattice.write(patchAt: place, of: planes, into: &patch)
                    patches += patch
                }
            }
        }
        let mixture = GaussianMixture(patches: patches, dimension: lattice.dimension, size: mixtureSize)
        try state.write(mixture.encoded())
    }
}
