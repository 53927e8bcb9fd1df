import PicketPluginSDK
import PicketTransforms

/// Everything that is known of one row's picture, each thing computed when it is first asked for.
struct PictureMeasurement {
    private let picture: GridPicture
    private let lattice: PatchLattice
    private let mixture: GaussianMixture
    /// nil where nothing that was asked looks at it.
    private let texture: Texture?
    /// Of the picture as it is.
    private let own: PatchLikelihoods

    /// - Parameters:
    ///   - likelihoods: of the row's patches.
    ///   - asked: all that will be asked of it.
    init(
        _ row: Span<Float>,
        likelihoods: [Float],
        lattice: PatchLattice,
        threshold: Int,
        mixture: GaussianMixture,
        asked: StatisticSet
    ) throws {
        guard likelihoods.count == lattice.centres.count else {
            throw DetectorFault.failed("\(likelihoods.count) likelihoods, expected \(lattice.centres.count)")
        }
        picture = try GridPicture(row, shape: lattice.shape)
        texture = asked.looksAtTexture ? Texture(of: picture, threshold: threshold) : nil
        own = PatchLikelihoods(likelihoods, texture: texture, lattice)
        self.lattice = lattice
        self.mixture = mixture
    }

    /// Statistics of the picture alone, those that were asked for, each at `start` and its ``InputStatistic/number``.
    func measure(_ asked: StatisticSet, into values: inout [Double], at start: Int) {
        if asked.contains(.mean) { values[start + InputStatistic.mean.number] = own.mean }
        if asked.contains(.textured) { values[start + InputStatistic.textured.number] = own.texturedMean }
        if asked.contains(.upper) || asked.contains(.maximum) {
            let (upper, maximum) = own.upperAndMaximum
            values[start + InputStatistic.upper.number] = upper
            values[start + InputStatistic.maximum.number] = maximum
        }
    }

    /// Statistics of the picture and its denoised copy, pixels in 0...1; the same rule.
    func measure(
        _ asked: StatisticSet,
        denoised pixels: Span<Float>,
        into values: inout [Double],
        at start: Int
    ) throws {
        if let texture, asked.contains(.energyFlat) || asked.contains(.energyTextured) {
            let energy = try DenoisingEnergy(of: picture, denoised: pixels, texture: texture)
            values[start + InputStatistic.energyFlat.number] = energy.flat
            values[start + InputStatistic.energyTextured.number] = energy.textured
        }
        if asked.contains(.excess) || asked.contains(.excessTextured) {
            let denoised = try GridPicture(pixels, shape: lattice.shape)
            let after = PatchLikelihoods(lattice.likelihoods(of: denoised, mixture), texture: texture, lattice)
            values[start + InputStatistic.excess.number] = own.mean - after.mean
            values[start + InputStatistic.excessTextured.number] = own.texturedMean - after.texturedMean
        }
    }
}
