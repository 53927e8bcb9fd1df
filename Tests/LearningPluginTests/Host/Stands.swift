import CPicketABI

/// Models that answer from a list: a row is one number, its place in the list.
enum Stands {
    static func listed(
        classes: Int,
        answers: [[Float]],
        layers: [(layer: ModelStand.Layer, values: [[Float]])]
    ) -> ModelStand {
        ModelStand(classCount: classes, extents: [1], layers: layers.map(\.layer)) { row in
            let place = Int(row[0])
            var tensors = Dictionary(uniqueKeysWithValues: layers.map { ($0.layer.name, $0.values[place]) })
            if classes > 0 { tensors[PICKET_LOG_PROBABILITIES] = answers[place] }
            return tensors
        }
    }

    /// A classifier with these layers that always answers the same.
    static func constant(
        classes: Int = 3,
        extents: [Int] = [1],
        layers: [ModelStand.Layer]
    ) -> ModelStand {
        ModelStand(classCount: classes, extents: extents, layers: layers) { row in
            var tensors = Dictionary(
                uniqueKeysWithValues: layers.map { layer in
                    let count = layer.extents.reduce(1, *)
                    return (layer.name, (0..<count).map { Float($0 % 7) * 0.1 + row[0] * Float($0 % 3) })
                }
            )
            tensors[PICKET_LOG_PROBABILITIES] = [-0.2, -2, -3.5]
            return tensors
        }
    }
}
