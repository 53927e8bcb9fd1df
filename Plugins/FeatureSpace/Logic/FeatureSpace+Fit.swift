public import PicketPluginSDK

extension FeatureSpace {
    /// Fewer rows than this, or than neighbours are looked at, teach nothing.
    static let fewestRows = 10

    /// Learns each layer's clean features. A row's label is the data set's; where it has none, the served class.
    public func fit(_ clean: CleanRows, into state: StateSink) throws {
        let needed = max(FeatureSpace.fewestRows, neighbours)
        guard clean.count >= needed else {
            throw DetectorFault.invalid("feature-space fits \(needed) clean rows or more, found \(clean.count)")
        }
        var vectors = [[[Float]]](repeating: [], count: layers.count)
        var labels: [Int] = []
        for row in 0..<clean.count {
            try clean.withRow(row) { evidence in
                for (index, wanted) in features.enumerated() {
                    let vector = try evidence[wanted].array()
                    guard vector.count == poolings[index].dimension, vector.allSatisfy(\.isFinite) else {
                        throw DetectorFault.failed(
                            "clean row \(row): layer \(layers[index].label) has \(vector.count) numbers, or some that "
                                + "are not finite"
                        )
                    }
                    vectors[index].append(vector)
                }
                if let served = try servedClass(evidence) { labels.append(clean.label(row) ?? served) }
            }
            if let label = labels.last, label >= classCount {
                throw DetectorFault.invalid("clean row \(row) has label \(label), the model has \(classCount) classes")
            }
        }
        let models = vectors.map { FeatureModel(vectors: $0, labels: labels) }
        try state.write(FeatureModel.encoded(models))
    }
}
