/// What a chain does with every row, compiled once from the graph of its detectors.
///
/// Stages follow one another; in each, the variants that more than one reader needs are rendered, then each model runs
/// once over all rows and all its sources (``PassSchedule``). What is left after the last pass is done row by row, before scoring.
struct ChainPlan: Sendable {
    /// One model over one stage's sources.
    struct PlannedPass: Sendable {
        var model: String
        /// The run nodes: the rows of the first, then those of the second, and so on.
        var runs: [Int]
        /// The graph outputs that the chain needs of them.
        var tensors: [String]
        /// The layers that the chain needs of them.
        var layers: [String] = []
        /// What is done with a run's layer as soon as it is there, by run and layer; nil where that run asked for none.
        var takings: [[Taking?]] = []
    }

    /// What is done with one row of a layer while the model's memory holds it.
    struct Taking: Sendable {
        /// The layer's node where its numbers are kept.
        var kept: Int?
        /// Variants of the layer, to render.
        var variants: [Int] = []
    }

    struct Stage: Sendable {
        /// Nodes to store, wave after wave: a wave needs only what earlier ones made.
        var waves: [[Int]]
        var passes: [PlannedPass]
    }

    /// Where a node's numbers are when somebody reads them.
    enum Place: Sendable, Hashable {
        case input
        /// Stored by the chain.
        case slot(Int)
        /// In what a pass returned.
        case output(stage: Int, pass: Int, tensor: Int, run: Int)
        /// Rendered straight into the pass's memory.
        case fill
        /// A run, or nothing that anybody needs.
        case none
    }

    /// How the host makes probabilities from what a pass returned.
    struct Derivation: Sendable {
        /// The primary output of the run.
        var origin: Place
        var kind: OutputKind
        var isLogarithm: Bool
    }

    /// One tensor that a pass returned.
    struct OutputTensor: Sendable, Hashable {
        var stage: Int
        var pass: Int
        var tensor: Int
    }

    /// Where a detector's wants are found.
    struct Reading: Sendable {
        enum Place: Sendable {
            case slot(Int)
            /// An index into `outputs`, and the run's place in the pass.
            case output(Int, run: Int)
        }

        /// Each tensor that passes returned and this detector reads, once.
        var outputs: [OutputTensor] = []
        /// By want.
        var places: [Place] = []

        init(wants: [Int], places nodePlaces: [ChainPlan.Place]) {
            for want in wants {
                switch nodePlaces[want] {
                case .slot(let slot):
                    places.append(.slot(slot))
                case .output(let stage, let pass, let tensor, let run):
                    let output = OutputTensor(stage: stage, pass: pass, tensor: tensor)
                    if !outputs.contains(output) { outputs.append(output) }
                    places.append(.output(outputs.firstIndex(of: output) ?? 0, run: run))
                case .input, .fill, .none:
                    preconditionFailure("what a detector wants is stored or returned by a pass")
                }
            }
        }
    }

    let nodes: [ChainNode]
    let detectors: [DetectorPlan]
    /// By detector.
    let readings: [Reading]
    let stages: [Stage]
    /// The stage whose first pass begins with the served model's run on the rows themselves.
    let servedStage: Int
    /// Nodes to store after the last pass, in order.
    let closing: [Int]
    let places: [Place]
    /// By node; nil for what the host does not derive.
    let derivations: [Derivation?]
    /// The nodes of the slots.
    let slots: [Int]
    /// For each detector, the nodes whose failure on a row is its own.
    let dependencies: [[Int]]
    /// The served model's probabilities on the row itself; nil where it is no classifier.
    let servedProbabilities: Int?
    let drawsAny: Bool

    /// Passes that a request of any size is planned to take, before the runner cuts them to its largest batch.
    var passCount: Int { stages.reduce(0) { $0 + $1.passes.count } }

    /// The layers that the chain needs of each model, models by name.
    var layers: [(model: String, layers: [String])] {
        var found: [String: Set<String>] = [:]
        for pass in stages.flatMap(\.passes) where !pass.layers.isEmpty {
            found[pass.model, default: []].formUnion(pass.layers)
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
    }

    /// Bytes that one row keeps from its first stage to its scores.
    var retainedByteCount: Int {
        let stored = slots.reduce(0) { $0 + nodes[$1].shape.elementCount }
        let returned = nodes.indices.reduce(0) { sum, node in
            if case .output = places[node] { sum + nodes[node].shape.elementCount } else { sum }
        }
        return (stored + returned) * 4
    }

    /// - Parameters:
    ///   - served: The served model's run on the input, which is always part of the plan, and first in its pass.
    ///   - servedProbabilities: Its probabilities, where it is a classifier.
    ///   - models: Facts of every model that the graph runs.
    init(
        graph: ChainGraph,
        detectors: [DetectorPlan],
        served: Int,
        servedProbabilities: Int?,
        models: [String: ModelFacts]
    ) {
        let nodes = graph.nodes
        var compiler = PlanCompiler(nodes: nodes, served: served, models: models)
        compiler.markNeeded(detectors.flatMap(\.wants) + [served] + (servedProbabilities.map { [$0] } ?? []))
        compiler.chooseStored(wanted: Set(detectors.flatMap(\.wants)))
        compiler.layOut()
        self.nodes = nodes
        self.detectors = detectors
        self.stages = compiler.stages
        self.servedStage = compiler.servedStage
        self.closing = compiler.closing
        self.places = compiler.places
        self.readings = detectors.map { Reading(wants: $0.wants, places: compiler.places) }
        self.derivations = compiler.derivations
        self.slots = compiler.slots
        self.dependencies = detectors.map { compiler.ancestors(of: $0.wants) }
        self.servedProbabilities = servedProbabilities
        self.drawsAny = nodes.indices.contains { node in
            if case .variant(_, _, true) = nodes[node].kind { compiler.isNeeded[node] } else { false }
        }
    }
}
