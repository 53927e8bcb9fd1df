internal import PicketCrypto
internal import PicketTensor

/// What a chain is made of.
public struct ChainSpecification: Sendable {
    public var subject: Subject
    /// In the configuration's order; names are unique.
    public var detectors: [DetectorSpecification]
    /// Everything else of the configuration that changes what detectors see or mean (how rows are read, the grid), in
    /// canonical form: equal configurations are equal texts. Part of the chain's digest.
    public var canonicalConfiguration: String

    public init(subject: Subject, detectors: [DetectorSpecification], canonicalConfiguration: String) {
        self.subject = subject
        self.detectors = detectors
        self.canonicalConfiguration = canonicalConfiguration
    }
}

/// What a detector of a chain declares.
public struct DetectorFacts: Sendable, Hashable {
    public var name: String
    public var plugin: String
    public var version: String
    /// Names of its components, in order.
    public var components: [String]
    /// Whether it learns from clean rows at calibration.
    public var learns: Bool
    /// Names of the facts that it reports beside them, in order.
    public var facts: [String]
    /// Whether it gives the served answer in the model's place.
    public var answers: Bool

    public init(
        name: String,
        plugin: String,
        version: String,
        components: [String],
        learns: Bool,
        facts: [String] = [],
        answers: Bool = false
    ) {
        self.name = name
        self.plugin = plugin
        self.version = version
        self.components = components
        self.learns = learns
        self.facts = facts
        self.answers = answers
    }
}

/// Why there is no chain, or a chain could not evaluate.
public enum ChainFault: Error, CustomStringConvertible {
    /// The served model is missing, or its rows are not what the subject says.
    case subject(String)
    case plugin(PluginFault)
    /// A detector planned what can't be.
    case plan(String)
    /// The runner returned something else than it was asked for.
    case runner(String)

    public var description: String {
        switch self {
        case .subject(let reason), .plan(let reason), .runner(let reason): reason
        case .plugin(let fault): fault.description
        }
    }
}

/// The ordered detectors of one model, planned once, ready to evaluate rows from any thread.
public final class Chain: Sendable {
    public let subject: Subject
    public let detectors: [DetectorFacts]
    public let digest: ChainDigest
    /// Every model that the chain runs, the served one first.
    public let models: [ModelFacts]

    let plan: ChainPlan
    let runner: any ModelRunner
    let members: [Detector]

    /// Forward passes that a request is planned to take, whatever its size, before the runner cuts passes to its largest
    /// batch.
    public var passesPerRequest: Int { plan.passCount }

    /// The model of each of these passes, and how many rows it takes for each row of a request.
    public var plannedPasses: [(model: String, rowsPerRow: Int)] {
        plan.stages.flatMap { stage in stage.passes.map { (model: $0.model, rowsPerRow: $0.runs.count) } }
    }

    /// Rows that all these passes take together for each row of a request.
    public var rowsPerRow: Int { plannedPasses.reduce(0) { $0 + $1.rowsPerRow } }

    /// Creates the detectors and lets them plan.
    ///
    /// - Parameter states: What each detector learned at calibration, by name; absent before calibration, and for those
    ///   that don't learn.
    public init(
        _ specification: ChainSpecification,
        states: [String: [UInt8]] = [:],
        runner: any ModelRunner,
        log: @escaping DetectorLog
    ) throws(ChainFault) {
        let subject = specification.subject
        let facts: @Sendable (String) -> ModelFacts? = { runner.facts(of: $0) }
        let served = try Chain.check(subject, facts: facts(subject.model))
        var graph = ChainGraph(subject: subject, facts: facts)
        let (run, probabilities) = try Chain.planServed(served, in: &graph)
        var members: [Detector] = []
        var plans: [DetectorPlan] = []
        for (index, detector) in specification.detectors.enumerated() {
            guard !members.contains(where: { $0.name == detector.name }) else {
                throw .plan("two detectors are called \(detector.name.quoted)")
            }
            do {
                let state = states[detector.name] ?? []
                let member = try Detector(detector, subject: subject, state: state, log: log, facts: facts)
                let answering = zip(members, plans).first { $0.1.answers }?.0.name
                let (plan, grown) = try PlanningSession.plan(
                    member,
                    index: index,
                    answering: answering,
                    graph: graph
                )
                members.append(member)
                plans.append(plan)
                graph = grown
            } catch {
                throw .plugin(error)
            }
        }
        let models = try Chain.models(of: graph, served: served)
        self.subject = subject
        self.runner = runner
        self.members = members
        self.models = models
        self.plan = ChainPlan(
            graph: graph,
            detectors: plans,
            served: run,
            servedProbabilities: probabilities,
            models: Dictionary(models.map { ($0.name, $0) }) { first, _ in first }
        )
        self.detectors = zip(members, plans).map { member, plan in
            DetectorFacts(
                name: member.name,
                plugin: member.plugin.name,
                version: member.plugin.version,
                components: plan.components,
                learns: member.plugin.learns,
                facts: plan.facts,
                answers: plan.answers
            )
        }
        self.digest = Chain.digest(specification, detectors: detectors, models: models)
        for (model, layers) in plan.layers {
            do {
                try runner.prepare(model, layers: layers)
            } catch {
                throw .runner("model \(model.quoted) does not give its layers: \(error)")
            }
        }
    }

    private static func check(_ subject: Subject, facts: ModelFacts?) throws(ChainFault) -> ModelFacts {
        guard let facts else { throw .subject("the configuration has no model \(subject.model.quoted)") }
        guard facts.rowShape == subject.rowShape, subject.rowShape.elementCount > 0 else {
            throw .subject("model \(subject.model.quoted) takes rows \(facts.rowShape), the chain \(subject.rowShape)")
        }
        guard subject.kind == .tensor || subject.rowShape.rank == 3 else {
            throw .subject(
                "rows of model \(subject.model.quoted) are \(subject.rowShape), expected C, H, W of a picture"
            )
        }
        return facts
    }

    /// The served model's run on the row itself, and its probabilities: what every request needs.
    private static func planServed(
        _ facts: ModelFacts,
        in graph: inout ChainGraph
    ) throws(ChainFault) -> (run: Int, probabilities: Int?) {
        do {
            let run = try graph.run(on: ChainGraph.input, model: facts.name)
            guard facts.classCount != nil, facts.outputKind != .tensor else { return (run, nil) }
            return (run, try graph.tensor(of: run, name: ProbabilityNames.probabilities))
        } catch {
            throw .plan("served model: \(error.message)")
        }
    }

    private static func models(of graph: ChainGraph, served: ModelFacts) throws(ChainFault) -> [ModelFacts] {
        var models = [served]
        for node in graph.nodes {
            guard case .run(let name) = node.kind, !models.contains(where: { $0.name == name }) else { continue }
            guard let facts = graph.facts(name) else { throw .plan("model \(name.quoted) went away while planning") }
            models.append(facts)
        }
        return models
    }

    private static func digest(
        _ specification: ChainSpecification,
        detectors: [DetectorFacts],
        models: [ModelFacts]
    ) -> ChainDigest {
        var parts = [
            ChainDigest.Part(
                name: "configuration",
                digest: SHA256Digest(of: specification.canonicalConfiguration).hex
            )
        ]
        for (facts, detector) in zip(detectors, specification.detectors) {
            let hasher = SHA256Hasher()
            for field in [facts.plugin, facts.version, detector.configuration] + facts.components {
                hasher.update(field: field)
            }
            // No component's name holds a blank, so that these are told from components.
            for fact in facts.facts { hasher.update(field: "fact \(fact)") }
            if facts.answers { hasher.update(field: "gives the answer") }
            parts.append(ChainDigest.Part(name: "detector \(facts.name)", digest: hasher.finalize().hex))
        }
        for model in models {
            parts.append(ChainDigest.Part(name: "model \(model.name)", digest: model.digest))
            parts.append(
                ChainDigest.Part(
                    name: "input and output of model \(model.name)",
                    digest: SHA256Digest(of: model.interface).hex
                )
            )
        }
        return ChainDigest(parts: parts)
    }
}
