/// What a detector says of settings; nil where it refuses them.
package typealias ComponentProbe = (_ plugin: String, _ settings: SettingsValue) -> ProbedDetector?

/// A detector with some settings.
package struct ProbedDetector: Sendable {
    /// What it would declare.
    package var components: [String]
    /// Passes of a request of one row through it alone.
    package var passes: Int

    package init(components: [String], passes: Int) {
        self.components = components
        self.passes = passes
    }
}

extension CandidatePool {
    /// Lists of fewer than this leave nothing to choose.
    private static let fewestElements = 2
    /// The key that every detector of ours names its components under.
    private static let componentsKey = "components"

    /// Takes a configured detector apart.
    ///
    /// A list of the settings whose elements bring components of their own is a list to choose from; where elements
    /// change what all components mean (an ensemble's members), each alone and all together are alternatives. Which list
    /// is which, and what hangs on which element, the detector tells itself: by what it declares, and by what it refuses.
    package mutating func add(
        entry: Int,
        name: String,
        plugin: String,
        settings: SettingsValue,
        probe: ComponentProbe
    ) {
        let alternatives = Self.alternatives(of: settings, plugin: plugin, probe: probe)
        for (remark, settings) in [("", settings)] + alternatives {
            let label = remark.isEmpty ? name : "\(name)@\(remark)"
            add(entry: entry, label: label, plugin: plugin, settings: settings, probe: probe)
        }
    }

    private mutating func add(
        entry: Int,
        label: String,
        plugin: String,
        settings: SettingsValue,
        probe: ComponentProbe
    ) {
        guard let whole = probe(plugin, settings)?.components, !whole.isEmpty else { return }
        let names = SettingsValue.array(whole.map { .string($0) })
        let namesComponents = probe(plugin, settings.setting(Self.componentsKey, to: names))?.components == whole
        var variant = PoolVariant(
            entry: entry,
            name: label,
            plugin: plugin,
            settings: settings,
            namesComponents: namesComponents
        )
        let place = variants.count
        let lists = namesComponents ? Self.lists(of: settings) : [:]
        for (key, elements) in lists.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
            let parts = Self.parts(of: whole, key: key, elements: elements, settings, plugin: plugin, probe: probe)
            guard !parts.isEmpty else { continue }
            variant.listKey = key
            variants.append(variant)
            candidates += parts.map { part in
                Candidate(
                    variant: place,
                    name: part.elements.count == 1
                        ? "\(label) \(elements[part.elements[0]].text)" : label + part.remark,
                    elements: part.elements,
                    components: part.components
                )
            }
            return
        }
        variants.append(variant)
        candidates.append(Candidate(variant: place, name: label, elements: [], components: whole))
    }

    private static func lists(of settings: SettingsValue) -> [String: [SettingsValue]] {
        settings.members.compactMapValues { value in
            if case .array(let elements) = value, elements.count >= fewestElements { elements } else { nil }
        }.filter { $0.key != componentsKey }
    }

    /// The components that hang on one element, those that hang on none, and those that are of the whole list; empty where
    /// elements bring no components of their own.
    private static func parts(
        of whole: [String],
        key: String,
        elements: [SettingsValue],
        _ settings: SettingsValue,
        plugin: String,
        probe: ComponentProbe
    ) -> [(elements: [Int], components: [String], remark: String)] {
        func passes(_ name: String, _ list: [SettingsValue]) -> Int? {
            let one = settings.setting(key, to: .array(list))
                .setting(componentsKey, to: .array([.string(name)]))
            guard let found = probe(plugin, one), found.components == [name] else { return nil }
            return found.passes
        }
        func accepts(_ name: String, _ list: [SettingsValue]) -> Bool { passes(name, list) != nil }
        let unbound = whole.filter { accepts($0, []) }
        // It would do without the list, and makes use of it: with fewer elements it is another number.
        let whollyBound = unbound.filter { passes($0, elements) != passes($0, []) }
        let free = unbound.filter { !whollyBound.contains($0) }
        var owners: [String: [Int]] = [:]
        for name in whole where !unbound.contains(name) {
            owners[name] = elements.indices.filter { accepts(name, [elements[$0]]) }
        }
        var parts: [(elements: [Int], components: [String], remark: String)] = elements.indices.map { index in
            ([index], whole.filter { owners[$0] == [index] }, "")
        }
        // Means and maxima over the list are another number for every choice: they are no candidates.
        guard parts.allSatisfy({ !$0.components.isEmpty }) else { return [] }
        if !free.isEmpty { parts.insert(([], free, ""), at: 0) }
        if !whollyBound.isEmpty { parts.append((Array(elements.indices), whollyBound, " of all \(key)")) }
        return parts
    }

    /// The settings with each element alone, for lists whose elements all declare the same components.
    private static func alternatives(
        of settings: SettingsValue,
        plugin: String,
        probe: ComponentProbe
    ) -> [(remark: String, settings: SettingsValue)] {
        guard let whole = probe(plugin, settings)?.components else { return [] }
        var found: [(String, SettingsValue)] = []
        for (key, elements) in lists(of: settings).sorted(by: { $0.key < $1.key }) {
            let single = elements.map { settings.setting(key, to: .array([$0])) }
            let declared = single.map { probe(plugin, $0).map { Set($0.components) } }
            guard declared.allSatisfy({ $0 != nil && $0 == declared.first }),
                let first = declared.first.flatMap({ $0 }), first.isSubset(of: whole)
            else { continue }
            found += zip(elements, single).map { element, settings in
                if case .string(let name) = element { (name, settings) } else { (element.text, settings) }
            }
        }
        return found
    }
}
