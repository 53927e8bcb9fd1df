import PicketTransforms

/// The state: magic PKIS, version 1, dimension, size, then constants, means and whitenings.
extension GaussianMixture {
    private static let magic: StaticString = "PKIS"
    private static let version: UInt32 = 1

    func encoded() -> [UInt8] {
        var writer = StateWriter(magic: GaussianMixture.magic, version: GaussianMixture.version)
        writer.write(count: dimension)
        writer.write(count: size)
        writer.write(floats: constants)
        writer.write(floats: means)
        writer.write(floats: whitenings)
        return writer.bytes
    }

    /// - Throws: ``StateFault`` where the bytes are damaged, or of another chain.
    init(state: [UInt8], dimension: Int) throws(StateFault) {
        var reader = try StateReader(state, magic: GaussianMixture.magic, version: GaussianMixture.version)
        _ = try reader.count("dimension", in: dimension...dimension)
        let size = try reader.count("size", in: Settings.mixtureSizes)
        let constants = try reader.floats("constants", size)
        let means = try reader.floats("means", size * dimension)
        let whitenings = try reader.floats("whitenings", size * CholeskyFactor.packedCount(dimension))
        try reader.finish()
        self.init(dimension: dimension, constants: constants, means: means, whitenings: whitenings)
    }
}
