import PicketPluginSDK
import PicketTransforms

/// Everything that is known of one row's picture, each thing computed when it is first asked for.
struct PictureMeasurement {
    private let picture: GridPicture
    private let threshold: Int
    private let lattice: PatchLattice
    private let mixture: GaussianMixture
    /// Of the picture as it is.
    private let own: PatchLikelihoods
    private var ownTexture: Texture?

    init(
        _ row: Span<Float>,
        likelihoods: [Float],
        lattice: PatchLattice,
        threshold: Int,
        mixture: GaussianMixture
    ) throws {
        picture = try GridPicture(row, shape: lattice.shape)
        own = PatchLikelihoods(likelihoods)
        self.threshold = threshold
        self.lattice = lattice
        self.mixture = mixture
    }

    /// Statistics of the picture alone, by ``InputStatistic/number``; those that were not asked for are no numbers.
    mutating func patches(_ asked: Set<InputStatistic>) -> [Double] {
        var values = [Double](repeating: .nan, count: InputStatistic.allCases.count)
        if asked.contains(.mean) { values[InputStatistic.mean.number] = own.mean }
        if asked.contains(.textured) {
            values[InputStatistic.textured.number] = own.mean(where: texture(), lattice)
        }
        if asked.contains(.upper) || asked.contains(.maximum) {
            let (upper, maximum) = own.upperAndMaximum
            values[InputStatistic.upper.number] = upper
            values[InputStatistic.maximum.number] = maximum
        }
        return values
    }

    /// Statistics of the picture and its denoised copy, pixels in 0...1; the same rule.
    mutating func denoised(_ pixels: Span<Float>, _ asked: Set<InputStatistic>) throws -> [Double] {
        var values = [Double](repeating: .nan, count: InputStatistic.allCases.count)
        if asked.contains(.energyFlat) || asked.contains(.energyTextured) {
            let energy = try DenoisingEnergy(of: picture, denoised: pixels, texture: texture())
            values[InputStatistic.energyFlat.number] = energy.flat
            values[InputStatistic.energyTextured.number] = energy.textured
        }
        if asked.contains(.excess) || asked.contains(.excessTextured) {
            let denoised = try GridPicture(pixels, shape: lattice.shape)
            let after = PatchLikelihoods(lattice.likelihoods(of: denoised, mixture))
            values[InputStatistic.excess.number] = own.mean - after.mean
            if asked.contains(.excessTextured) {
                let texture = texture()
                values[InputStatistic.excessTextured.number] =
                    own.mean(where: texture, lattice) - after.mean(where: texture, lattice)
            }
        }
        return values
    }

    private mutating func texture() -> Texture {
        if let ownTexture { return ownTexture }
        let made = Texture(channelSums: picture.channelSums(), shape: lattice.shape, threshold: threshold)
        ownTexture = made
        return made
    }
}
