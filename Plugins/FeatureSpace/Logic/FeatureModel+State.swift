import PicketTransforms

/// The state: magic PKFS, version 1, number of layers, then each layer's model.
extension FeatureModel {
    static let magic: StaticString = "PKFS"
    static let version: UInt32 = 1

    static func encoded(_ models: [FeatureModel]) -> [UInt8] {
        var writer = StateWriter(magic: magic, version: version)
        writer.write(count: models.count)
        for model in models { model.write(to: &writer) }
        return writer.bytes
    }

    /// Reads the models of so many layers with these dimensions.
    ///
    /// - Throws: ``StateFault`` where the bytes are damaged, or of another chain.
    static func decoded(
        _ state: [UInt8],
        dimensions: [Int],
        classCount: Int,
        fewestNeighbours: Int
    ) throws(StateFault) -> [FeatureModel] {
        var reader = try StateReader(state, magic: magic, version: version)
        _ = try reader.count("layers", in: dimensions.count...dimensions.count)
        var models: [FeatureModel] = []
        for (index, dimension) in dimensions.enumerated() {
            models.append(
                try FeatureModel(
                    from: &reader,
                    layer: "layers[\(index)]",
                    dimension: dimension,
                    classCount: classCount,
                    fewestNeighbours: fewestNeighbours
                )
            )
        }
        try reader.finish()
        return models
    }

    private func write(to writer: inout StateWriter) {
        writer.write(count: dimension)
        writer.write(floats: centre)
        writer.write(floats: inverseDeviation)
        writer.write(floats: whitening)
        writer.write(count: classes.count)
        writer.write(counts: classes)
        writer.write(floats: means)
        writer.write(count: labels.count)
        writer.write(counts: labels)
        writer.write(floats: neighbours)
    }

    private init(
        from reader: inout StateReader,
        layer: String,
        dimension: Int,
        classCount: Int,
        fewestNeighbours: Int
    ) throws(StateFault) {
        self.dimension = try reader.count("\(layer).dimension", in: dimension...dimension)
        centre = try reader.floats("\(layer).centre", dimension)
        inverseDeviation = try reader.floats("\(layer).inverse-deviation", dimension)
        whitening = try reader.floats("\(layer).whitening", CholeskyFactor.packedCount(dimension))
        let seen = try reader.count("\(layer).classes", in: 0...classCount)
        let limit = max(classCount - 1, 0)
        classes = try reader.counts("\(layer).classes", seen, in: 0...limit)
        guard zip(classes, classes.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw StateFault("state: \(layer).classes are \(classes.prefix(8)), expected ascending numbers")
        }
        means = try reader.floats("\(layer).means", seen * dimension)
        let kept = try reader.count("\(layer).neighbours", in: fewestNeighbours...FeatureModel.neighbourLimit)
        labels = try reader.counts("\(layer).labels", kept, in: 0...limit)
        neighbours = try reader.floats("\(layer).neighbours", kept * dimension)
    }
}
