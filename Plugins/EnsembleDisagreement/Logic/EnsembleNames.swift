import PicketTransforms

/// Names of models and components in the letters that components have.
enum EnsembleNames {
    /// Longer names of models would not leave room for a pair of them beside a squeezer.
    private static let limit = 14

    /// The models' names in lower case, other characters as hyphens; `model-N` where that is too long or not the only one.
    static func distinct(_ models: [String]) -> [String] {
        let plain = models.map { name in
            String(
                name.lowercased().unicodeScalars.map { scalar in
                    let isPlain = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "."
                    return isPlain ? Character(scalar) : "-"
                }
            )
        }
        return plain.enumerated().map { index, name in
            let isAlone = plain.count { $0 == name } == 1
            return isAlone && name.count <= limit ? name : "model-\(index)"
        }
    }

    /// Everything that a configuration may choose. On the row itself `cross` would be `js` under another name.
    static func offered(
        _ statistics: [EnsembleStatistic],
        models: [String],
        pictures: [String]
    ) -> [ScopedComponents.Component] {
        let places = pictures.enumerated().map { (name: $1, number: $0) }
        return statistics.enumerated().flatMap { number, statistic -> [ScopedComponents.Component] in
            guard !statistic.isPooled else {
                let name = statistic == .pooled ? "pooled:js" : statistic.name(models)
                let group = statistic == .pooled ? name : statistic.group
                return [.init(name: name, group: group, statistic: number, places: [0])]
            }
            let squeezed = places.dropFirst()
            return ScopedComponents.offered(
                statistic.name(models),
                group: statistic.group,
                number: number,
                at: statistic == .cross ? Array(squeezed) : places
            )
        }
    }
}
