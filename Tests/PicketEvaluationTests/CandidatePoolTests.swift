import PicketEvaluation
import Testing

@Suite struct CandidatePoolTests {
    /// A detector whose transforms bring a component each, with a mean over them, and one that needs no transform.
    private static func transforms(_ settings: SettingsValue, free: [String]) -> [String]? {
        guard case .array(let elements) = settings.members["transforms"] ?? .array([]) else { return nil }
        var known = free
        for element in elements {
            guard case .string(let name) = element else { return nil }
            known.append("\(name):margin")
        }
        if !elements.isEmpty { known.append("mean:margin") }
        if known.isEmpty { return nil }
        guard case .array(let names) = settings.members["components"] else { return known }
        let asked = names.compactMap { if case .string(let name) = $0 { name } else { nil } }
        return asked.allSatisfy(known.contains) && !asked.isEmpty ? asked : nil
    }

    /// An ensemble: every member changes what the components mean.
    private static func ensemble(_ settings: SettingsValue) -> [String]? {
        guard case .array(let members) = settings.members["members"], !members.isEmpty else { return nil }
        let known = ["js", "vote"]
        guard case .array(let names) = settings.members["components"] else { return known }
        let asked = names.compactMap { if case .string(let name) = $0 { name } else { nil } }
        return asked.allSatisfy(known.contains) ? asked : nil
    }

    private static func probe(_ plugin: String, _ settings: SettingsValue) -> ProbedDetector? {
        guard let components = components(plugin, settings) else { return nil }
        // `pooled` runs on whatever transforms there are, every other component on its own alone.
        guard case .array(let elements) = settings.members["transforms"], components.contains("pooled") else {
            return ProbedDetector(components: components, passes: 1)
        }
        return ProbedDetector(components: components, passes: 1 + elements.count)
    }

    private static func components(_ plugin: String, _ settings: SettingsValue) -> [String]? {
        switch plugin {
        case "pooled": transforms(settings, free: ["input:margin", "pooled"])
        case "transforms": transforms(settings, free: [])
        case "free": transforms(settings, free: ["input:margin"])
        case "ensemble": ensemble(settings)
        // Of a stranger: one component, and no way to choose.
        case "plain": settings.members["components"] == nil ? ["one"] : nil
        default: nil
        }
    }

    private static func pool(_ entries: [(String, String)]) throws -> CandidatePool {
        var pool = CandidatePool()
        for (index, entry) in entries.enumerated() {
            let settings = try #require(SettingsValue(text: entry.1))
            pool.add(entry: index, name: entry.0, plugin: entry.0, settings: settings, probe: probe)
        }
        return pool
    }

    /// A component of all elements together is taken with all of them, or it would be another one than was measured.
    @Test func componentsOfTheWholeListKeepIt() throws {
        let pool = try Self.pool([("pooled", #"{"transforms":["a","b","c"]}"#)])
        #expect(
            pool.candidates.map(\.components) == [
                ["input:margin"], ["a:margin"], ["b:margin"], ["c:margin"], ["pooled"],
            ]
        )
        #expect(pool.candidates[4].name == "pooled of all transforms" && pool.candidates[4].elements == [0, 1, 2])
        #expect(
            pool.detectors(of: [0, 4])[0].settings.text
                == #"{"components":["input:margin","pooled"],"transforms":["a","b","c"]}"#
        )
        #expect(pool.detectors(of: [0])[0].settings.text == #"{"components":["input:margin"],"transforms":[]}"#)
    }

    @Test func elementsThatBringComponentsAreCandidates() throws {
        let pool = try Self.pool([("transforms", #"{"transforms":["a","b","c"],"strength":2}"#)])
        #expect(pool.variants.count == 1 && pool.variants[0].listKey == "transforms")
        #expect(pool.candidates.map(\.components) == [["a:margin"], ["b:margin"], ["c:margin"]])
        let chosen = pool.detectors(of: [2, 0])
        #expect(chosen.count == 1)
        #expect(
            chosen[0].settings.text
                == #"{"components":["a:margin","c:margin"],"strength":2,"transforms":["a","c"]}"#
        )
    }

    @Test func whatNeedsNoElementIsACandidateOfItsOwn() throws {
        let pool = try Self.pool([("free", #"{"transforms":["a","b"]}"#)])
        #expect(pool.candidates.map(\.components) == [["input:margin"], ["a:margin"], ["b:margin"]])
        #expect(
            pool.detectors(of: [0])[0].settings.text == #"{"components":["input:margin"],"transforms":[]}"#
        )
    }

    @Test func elementsThatChangeEverythingAreAlternatives() throws {
        let pool = try Self.pool([("ensemble", #"{"members":["x","y"]}"#), ("plain", "{}")])
        #expect(pool.variants.map(\.name) == ["ensemble", "ensemble@x", "ensemble@y", "plain"])
        #expect(pool.candidates.count == 4)
        #expect(pool.variants[1].settings.text == #"{"members":["x"]}"#)
        #expect(!pool.allows(1, beside: [0]), "a chain has one variant of a detector")
        #expect(pool.allows(3, beside: [0]))
        #expect(pool.configured == [0, 3], "the first variant of each")
        let fine = pool.byComponent
        #expect(fine.candidates.map(\.components) == [["js"], ["vote"], ["js"], ["vote"], ["js"], ["vote"], ["one"]])
        #expect(fine.detectors(of: [1])[0].settings.text == #"{"components":["vote"],"members":["x","y"]}"#)
        #expect(!pool.variants[3].namesComponents)
        #expect(pool.detectors(of: [3])[0].settings.text == "{}")
    }
}
