/// The components of a detector that looks at a row in several places: a statistic in one place, `PLACE:STATISTIC`, or its
/// mean or maximum over all of them, `mean:STATISTIC` and `max:STATISTIC`.
///
/// A configuration chooses by the whole name of a component, or by a group's: a statistic alone stands for every place.
public struct ScopedComponents: Sendable {
    /// How a statistic's values in several places become one number.
    public enum Fold: Sendable, Hashable {
        case mean
        case max
    }

    /// A component that can be chosen.
    public struct Component: Sendable, Hashable {
        public let name: String
        /// A word of the configuration that chooses it and others.
        public let group: String
        /// Its number among the detector's statistics.
        public let statistic: Int
        /// The places whose values are folded; one for a component of one place.
        public let places: [Int]
        public let fold: Fold

        public init(name: String, group: String, statistic: Int, places: [Int], fold: Fold = .mean) {
            precondition(!places.isEmpty, "a component looks at one place or more")
            self.name = name
            self.group = group
            self.statistic = statistic
            self.places = places
            self.fold = fold
        }
    }

    /// In the order of their declaration.
    public let components: [Component]
    private let placeCount: Int

    /// Chooses among what a detector offers.
    ///
    /// - Parameters:
    ///   - entries: names of components or groups, in the order of the configuration.
    ///   - offered: all that there is.
    /// - Throws: ``TransformFault`` where an entry chooses nothing, or a component twice, or more are chosen than a detector may
    ///   have.
    public init(choosing entries: [String], from offered: [Component]) throws(TransformFault) {
        var chosen: [Component] = []
        var names: Set<String> = []
        for entry in entries {
            let found = offered.filter { $0.name == entry || $0.group == entry }
            guard !found.isEmpty else {
                throw TransformFault("found \(entry), expected \(ScopedComponents.words(for: offered))")
            }
            for component in found {
                guard names.insert(component.name).inserted else {
                    throw TransformFault("\(entry) chooses \(component.name), which is chosen already")
                }
                chosen.append(component)
            }
        }
        guard (1...ScopedComponents.limit).contains(chosen.count) else {
            throw TransformFault(
                "chooses \(chosen.count) components, expected 1 to \(ScopedComponents.limit)"
            )
        }
        components = chosen
        placeCount = 1 + chosen.reduce(0) { $1.places.reduce($0, Swift.max) }
    }

    /// More than a family of components can use; hosts take 256 a detector.
    public static let limit = 256

    /// One statistic at every place, `PLACE:NAME`, and its two folds. The group `GROUP` chooses the former, `mean:GROUP` and
    /// `max:GROUP` the latter.
    ///
    /// - Parameters:
    ///   - number: the statistic's.
    ///   - places: their names, and their numbers.
    public static func offered(
        _ name: String,
        group: String,
        number: Int,
        at places: [(name: String, number: Int)]
    ) -> [Component] {
        guard !places.isEmpty else { return [] }
        let all = places.map(\.number)
        let each = places.map {
            Component(name: "\($0.name):\(name)", group: group, statistic: number, places: [$0.number])
        }
        return each + [
            Component(name: "mean:\(name)", group: "mean:\(group)", statistic: number, places: all, fold: .mean),
            Component(name: "max:\(name)", group: "max:\(group)", statistic: number, places: all, fold: .max),
        ]
    }

    /// The same of several statistics, numbered from 0, at places numbered from 0.
    public static func offered(_ statistics: [String], at places: [String]) -> [Component] {
        let places = places.enumerated().map { (name: $1, number: $0) }
        return statistics.enumerated().flatMap { offered($1, group: $1, number: $0, at: places) }
    }

    /// Writes every component; each statistic is asked for once a place.
    ///
    /// - Precondition: there is room for all.
    public func write(
        into room: inout MutableSpan<Double>,
        value: (_ statistic: Int, _ place: Int) -> Double
    ) {
        precondition(room.count == components.count, "there is room for every component")
        let statisticCount = 1 + components.reduce(0) { Swift.max($0, $1.statistic) }
        var known = [Double?](repeating: nil, count: statisticCount * placeCount)
        for (index, component) in components.enumerated() {
            var sum = 0.0
            var peak = -Double.infinity
            for place in component.places {
                let slot = component.statistic * placeCount + place
                let number = known[slot] ?? value(component.statistic, place)
                known[slot] = number
                sum += number
                peak = Swift.max(peak, number)
            }
            room[index] = component.fold == .max ? peak : sum / Double(component.places.count)
        }
    }

    /// What an entry may say.
    private static func words(for offered: [Component]) -> String {
        var words: [String] = []
        for component in offered where !words.contains(component.group) { words.append(component.group) }
        let example = offered.first { $0.name != $0.group }.map { ", or one alone such as \($0.name)" } ?? ""
        return "one of \(words.joined(separator: ", "))\(example)"
    }
}
