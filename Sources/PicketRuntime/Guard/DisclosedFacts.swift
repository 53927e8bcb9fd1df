package import PicketDetection
import PicketTensor

/// The facts of a chain's detectors as replies carry them: a float32 [n] output for each.
package struct DisclosedFacts: Sendable, Hashable {
    /// Where one fact is found, and what replies call it.
    private struct Fact: Sendable, Hashable {
        var detector: Int
        var fact: Int
        var name: String
    }

    private var facts: [Fact] = []

    /// Names a fact "picket_certified_radius" after its own name; where an earlier detector of the chain has one of that name,
    /// "picket_noise_stability_2_certified_radius" after the detector as well.
    package init(_ detectors: [DetectorFacts]) {
        for (index, detector) in detectors.enumerated() {
            for (place, fact) in detector.facts.enumerated() {
                var name = DisclosedFacts.wireName([fact])
                if names.contains(name) { name = DisclosedFacts.wireName([detector.name, fact]) }
                // Two different pairs of names may look the same once joined.
                while names.contains(name) { name += "_2" }
                facts.append(Fact(detector: index, fact: place, name: name))
            }
        }
    }

    package var names: [String] { facts.map(\.name) }

    /// - Parameter withheld: by row, whether its answer is withheld: what is said of an answer goes with it.
    package func tensors(_ rows: [RowEvaluation], withheld: [Bool]) -> [NamedTensor] {
        facts.map { fact in
            let values = zip(rows, withheld).map { row, isWithheld -> Float in
                // A detector that failed on the row has no facts.
                guard !isWithheld, fact.detector < row.facts.count, fact.fact < row.facts[fact.detector].count else {
                    return .nan
                }
                return Float(row.facts[fact.detector][fact.fact])
            }
            return NamedTensor(name: fact.name, tensor: Tensor(values, shape: Shape([values.count])))
        }
    }

    private static func wireName(_ parts: [String]) -> String {
        (["picket"] + parts).joined(separator: "_").replacing("-", with: "_")
    }
}
