import PicketTransforms

/// How `draw: k` of n transforms becomes a plan that is the same for every row: the list is cut into k runs of neighbours, as
/// even as can be, and each run is one variant that chooses among its transforms when it is rendered. No transform can come
/// twice for a row, and a run's components stay comparable where neighbours in the list are alike.
enum Strata {
    /// - Throws: ``TransformFault`` where there is nothing to choose from.
    static func drawing(_ count: Int, of transforms: [Transform]) throws(TransformFault) -> [Transform] {
        guard (1..<transforms.count).contains(count) else {
            throw TransformFault(
                "draw: found \(count), expected 1 at least, and fewer than the \(transforms.count) there are"
            )
        }
        return try (0..<count).map { (slot) throws(TransformFault) in
            let stratum = transforms[slot * transforms.count / count..<(slot + 1) * transforms.count / count]
            for transform in stratum {
                guard case .choice = transform else { continue }
                throw TransformFault("found one-of beside draw, expected one of the two")
            }
            return stratum.count == 1 ? stratum[stratum.startIndex] : .choice(Array(stratum))
        }
    }
}
