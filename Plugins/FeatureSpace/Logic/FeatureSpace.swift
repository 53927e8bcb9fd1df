public import PicketPluginSDK
import PicketTransforms

/// Where a row lies in the feature space of the served model's own layers: an adversarial row's features are far from
/// those of clean rows, or near those of clean rows of another class, early or late (Lee and others, NeurIPS 2018; Papernot
/// and McDaniel 2018; Sun and others, ICML 2022).
///
/// The layers come with the served model's own forward pass; a map is seen as mean, standard deviation and share of active
/// elements of each channel. Components: LAYER:MEASURE, see ``Measure``. Where the model has no classes (embeddings), the
/// distances that need none.
public struct FeatureSpace: LearningDetector {
    public static let name: StaticString = "feature-space"
    public static let version: StaticString = "1.0.0"

    let layers: [LayerChoice]
    let poolings: [Pooling]
    private let components: ScopedComponents
    /// What is asked of each layer.
    private let measures: [Set<Measure>]
    let neighbours: Int
    let classCount: Int
    private let scorers: [FeatureScorer]
    private(set) var features: [Wanted] = []
    private(set) var answer: Wanted?

    public init(configuration: Configuration, subject: Subject, state: [UInt8], host: Host) throws {
        let settings = try configuration.decoded(as: Settings.self)
        guard let facts = try host.model(subject.model) else {
            throw DetectorFault.unsupported("feature-space needs a host that shows the layers of its models")
        }
        let choice = try ComponentChoice(
            settings.components,
            at: LayerChoice.layers(settings.layers, of: subject.model, among: facts.layers),
            hasClasses: subject.classCount > 0
        )
        let classCount = subject.classCount
        self.classCount = classCount
        layers = choice.layers
        components = choice.components
        measures = choice.measures
        neighbours = settings.neighbours
        poolings = try layers.map { try Pooling($0.facts.extents, bound: settings.dimensions) }
        if state.isEmpty {
            scorers = []
        } else {
            let models = try FeatureModel.decoded(
                state,
                dimensions: poolings.map(\.dimension),
                classCount: classCount,
                fewestNeighbours: neighbours
            )
            scorers = models.map { FeatureScorer($0, classCount: classCount) }
        }
        for layer in layers {
            let made = "\(layer.facts.name), \(layer.facts.operatorType) \(layer.facts.extents)"
            host.log(.debug, "feature-space of \(subject.model): \(layer.label) is \(made)")
        }
    }

    public mutating func plan(_ planner: Planner) throws {
        let run = try planner.run()
        for (index, layer) in layers.enumerated() {
            var node = try planner.tensor(layer.facts.name, of: run)
            if let key = poolings[index].key {
                node = try planner.variant(
                    of: node,
                    key: "feature-space/\(key)",
                    token: UInt64(index),
                    extents: Extents([poolings[index].dimension])
                )
            }
            features.append(try planner.want(node))
        }
        for component in components.components { try planner.component(component.name) }
        if classCount > 0 { answer = try planner.want(planner.tensor(Planner.logProbabilities, of: run)) }
    }

    public func render(
        _ token: UInt64,
        source: Span<Float>,
        shape: Extents,
        generator: Generator?,
        into destination: inout MutableSpan<Float>
    ) throws {
        guard token < poolings.count else { throw DetectorFault.failed("no layer \(token) was planned") }
        try poolings[Int(token)].pool(source, into: &destination)
    }

    public func score(_ evidence: Evidence, into room: inout MutableSpan<Double>) throws {
        guard scorers.count == layers.count else {
            throw DetectorFault.failed("feature-space has learnt nothing yet: calibrate the chain")
        }
        guard features.count == layers.count, room.count == components.components.count else {
            throw DetectorFault.failed("scored before planning, or \(room.count) components expected")
        }
        let served = try servedClass(evidence)
        let found = try scorers.indices.map { index in
            try evidence[features[index]].withElements { vector in
                guard vector.count == poolings[index].dimension else {
                    throw DetectorFault.failed("layer \(layers[index].label) came with \(vector.count) numbers")
                }
                return scorers[index].measure(vector, served: served, count: neighbours, measures[index])
            }
        }
        components.write(into: &room) { measure, layer in found[layer][measure] }
    }

    /// The most probable class; nil where the model has none.
    func servedClass(_ evidence: Evidence) throws -> Int? {
        guard let answer else { return nil }
        return try evidence[answer].withElements { try ClassDistribution(logProbabilities: $0).label }
    }
}
