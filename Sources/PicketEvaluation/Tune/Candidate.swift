/// The smallest part of a chain that `tune` takes or leaves: an element of a detector's list (a transform, a squeezer, a
/// layer) with the components that hang on it alone, or a whole detector.
package struct Candidate: Sendable, Hashable {
    /// Its variant of a configured detector, an index into the pool.
    package var variant: Int
    /// What people call it.
    package var name: String
    /// Which elements of the variant's list it needs, none for what needs no element.
    package var elements: [Int]
    /// Names of its components.
    package var components: [String]

    package init(variant: Int, name: String, elements: [Int], components: [String]) {
        self.variant = variant
        self.name = name
        self.elements = elements
        self.components = components
    }
}

/// A configured detector, or one of its alternatives (an ensemble of fewer members, say).
package struct PoolVariant: Sendable, Hashable {
    /// The configured detector; of its variants a chain has one at most.
    package var entry: Int
    /// Unique in the pool.
    package var name: String
    package var plugin: String
    package var settings: SettingsValue
    /// The list that candidates are elements of; nil where the detector is one candidate.
    package var listKey: String?
    /// Whether components may be named in the settings.
    package var namesComponents: Bool

    package init(
        entry: Int,
        name: String,
        plugin: String,
        settings: SettingsValue,
        listKey: String? = nil,
        namesComponents: Bool
    ) {
        self.entry = entry
        self.name = name
        self.plugin = plugin
        self.settings = settings
        self.listKey = listKey
        self.namesComponents = namesComponents
    }

    /// The list's elements.
    package var elements: [SettingsValue] {
        guard let listKey, case .array(let elements) = settings.members[listKey] else { return [] }
        return elements
    }

    /// Settings for some of the variant's candidates.
    package func settings(for candidates: [Candidate]) -> SettingsValue {
        var result = settings
        if let listKey {
            let elements = elements
            let chosen = Set(candidates.flatMap(\.elements)).sorted().map { elements[$0] }
            result = result.setting(listKey, to: .array(chosen))
        }
        if namesComponents {
            let names = candidates.flatMap(\.components).map { SettingsValue.string($0) }
            result = result.setting("components", to: .array(names))
        }
        return result
    }
}

/// Everything that a chain may be made of.
package struct CandidatePool: Sendable {
    package var variants: [PoolVariant] = []
    package var candidates: [Candidate] = []

    package init() {}

    /// Everything of the first variant of each detector: the chain as it is configured, but for means and maxima over
    /// lists, which are no candidates.
    package var configured: Set<Int> {
        var first: [Int: Int] = [:]
        for (index, variant) in variants.enumerated() where first[variant.entry] == nil { first[variant.entry] = index }
        return Set(
            candidates.indices.filter { first[variants[candidates[$0].variant].entry] == candidates[$0].variant }
        )
    }

    /// The pool with a candidate for every component, where detectors let components be chosen.
    package var byComponent: CandidatePool {
        var result = self
        result.candidates = candidates.flatMap { candidate in
            guard variants[candidate.variant].namesComponents, candidate.components.count > 1 else {
                return [candidate]
            }
            return candidate.components.map { component in
                Candidate(
                    variant: candidate.variant,
                    name: "\(variants[candidate.variant].name) \(component)",
                    elements: candidate.elements,
                    components: [component]
                )
            }
        }
        return result
    }

    /// A chain's detectors for a choice of candidates, in the pool's order: variant, its settings, and the candidates.
    package func detectors(of choice: Set<Int>) -> [(variant: Int, settings: SettingsValue, candidates: [Int])] {
        let byVariant = Dictionary(grouping: choice.sorted()) { candidates[$0].variant }
        return byVariant.sorted { $0.key < $1.key }.map { variant, members in
            (variant, variants[variant].settings(for: members.map { candidates[$0] }), members)
        }
    }

    /// Whether a choice can grow by a candidate: not another variant of a detector that it has.
    package func allows(_ candidate: Int, beside choice: Set<Int>) -> Bool {
        let variant = candidates[candidate].variant
        return choice.allSatisfy {
            let other = candidates[$0].variant
            return other == variant || variants[other].entry != variants[variant].entry
        }
    }
}
