import PicketDetection
import PicketEvaluation
import PicketRuntime
import Testing

@Suite("What tune may choose from") struct BuiltinPoolTests {
    /// Every detector of ours is there in the components that it was measured best with, an ensemble's reference among
    /// them, and each accepts its settings.
    @Test func detectorsOfAPictureModelWithMembers() throws {
        let configuration = try ExampleStudy.configuration(["{ plugin: feature-space }"])
        let store = try ModelStore(configuration)
        defer { store.close() }
        let form = try #require(store.form(of: "fashion"))
        var policy = try #require(configuration.chain(forModel: "fashion"))
        policy.detectors = BuiltinPool(configuration, model: "fashion", form: form).detectors
        let chain = try Chain(store.specification(of: policy), runner: store.runner) { _, _, _ in }
        #expect(Set(chain.detectors.map(\.name)).count == chain.detectors.count)
        let found = Dictionary(chain.detectors.map { ($0.name, Set($0.components)) }) { first, _ in first }
        let reference: Set = ["reference:hellinger", "reference:kl", "reference:margin"]
        #expect(found["reference"] == reference && found["reference-squeezed"] == reference)
        #expect(found["ensemble-disagreement"]?.isSuperset(of: ["input:js", "input:margin", "median:2:js"]) == true)
        #expect(found["ensemble-disagreement"]?.isDisjoint(with: reference) == true)
        #expect(found.keys.contains("transform-consistency") && found.keys.contains("input-statistics"))
    }
}
