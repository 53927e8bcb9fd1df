import PicketPluginSDK

/// A layer that is watched.
struct LayerChoice: Sendable, Hashable {
    /// In component names: a position, or `layer-N` for the N-th that the configuration names.
    let label: String
    let facts: Host.LayerFacts

    /// The layers that a configuration asks for.
    ///
    /// - Parameter asked: positions or names; nil is all three positions.
    static func layers(_ asked: [String]?, of model: String, among layers: [Host.LayerFacts]) throws -> [LayerChoice] {
        guard !layers.isEmpty else {
            throw DetectorFault.unsupported("model \(model) shows no layers to look into")
        }
        guard let asked else {
            let positions = positions(among: layers)
            guard !positions.isEmpty else {
                throw DetectorFault.unsupported(
                    "model \(model) has no layer [C, H, W] or [N]; name what to look into as layers"
                )
            }
            return positions
        }
        let positions = positions(among: layers)
        var choices: [LayerChoice] = []
        for (index, name) in asked.enumerated() {
            if let facts = layers.first(where: { $0.name == name }) {
                guard facts.extents.elementCount > 1 else {
                    throw DetectorFault.invalid("layers[\(index)]: \(name) is one number, expected a map or vector")
                }
                choices.append(LayerChoice(label: "layer-\(index)", facts: facts))
            } else if let position = positions.first(where: { $0.label == name }) {
                choices.append(position)
            } else {
                throw DetectorFault.invalid(
                    "layers[\(index)]: found \(name), expected early, middle, late, or a layer of model \(model), whose "
                        + "\(layers.count) begin with \(layers.prefix(3).map(\.name).joined(separator: ", "))"
                )
            }
        }
        return choices
    }

    /// The first, the middle and the last of the activations; of all maps and vectors where a graph has fewer than three
    /// operators that are known as activations. Fewer than three layers give fewer positions.
    static func positions(among layers: [Host.LayerFacts]) -> [LayerChoice] {
        let usable = layers.filter(\.isMapOrVector)
        let active = usable.filter { activations.contains($0.operatorType) }
        let candidates = active.count >= 3 ? active : usable
        let places = [("early", 0), ("middle", candidates.count / 2), ("late", candidates.count - 1)]
        var choices: [LayerChoice] = []
        for (label, place) in places where candidates.indices.contains(place) {
            guard !choices.contains(where: { $0.facts == candidates[place] }) else { continue }
            choices.append(LayerChoice(label: label, facts: candidates[place]))
        }
        return choices
    }

    /// Picket shows products only where they are gates, x · sigmoid(x): the activation of many a network in two nodes.
    private static let activations: Set<String> = [
        "Mul", "Relu", "Clip", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Gelu", "HardSwish", "Mish", "Softplus",
        "Tanh",
        "ThresholdedRelu",
    ]
}

extension Host.LayerFacts {
    /// A picture of features, or a vector of them. Maps of one pixel are gates more often than features.
    fileprivate var isMapOrVector: Bool {
        switch extents.count {
        case 1: extents[0] > 1
        case 3: extents[1] * extents[2] > 1
        default: false
        }
    }
}
