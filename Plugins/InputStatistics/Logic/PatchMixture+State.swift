import PicketTransforms

/// The state: magic PKIS, version 1, dimension, size, then constants, means and whitenings.
extension PatchMixture {
    private static let magic: StaticString = "PKIS"
    private static let version: UInt32 = 1

    func encoded() -> [UInt8] {
        var writer = StateWriter(magic: PatchMixture.magic, version: PatchMixture.version)
        writer.write(count: dimension)
        writer.write(count: size)
        writer.write(floats: constants)
        writer.write(floats: means)
        writer.write(floats: whitenings)
        return writer.bytes
    }

    /// - Throws: ``StateFault`` where the bytes are damaged, or of another chain.
    init(state: [UInt8], dimension: Int) throws(StateFault) {
        var reader = try StateReader(state, magic: PatchMixture.magic, version: PatchMixture.version)
        self.dimension = try reader.count("dimension", in: dimension...dimension)
        let size = try reader.count("size", in: PatchMixture.sizes)
        constants = try reader.floats("constants", size)
        means = try reader.floats("means", size * dimension)
        whitenings = try reader.floats("whitenings", size * CholeskyFactor.packedCount(dimension))
        try reader.finish()
    }
}
