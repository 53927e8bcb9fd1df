internal import PicketCrypto
internal import PicketTensor

/// The graph of everything the detectors of a chain need, each thing once.
///
/// Sources come before what is made from them, so the order of the nodes is a topological one.
struct ChainGraph {
    let subject: Subject
    let facts: @Sendable (String) -> ModelFacts?

    private(set) var nodes: [ChainNode] = []
    private var places: [SHA256Digest: Int] = [:]
    private var runCount = 0

    static let input = 0

    init(subject: Subject, facts: @escaping @Sendable (String) -> ModelFacts?) {
        self.subject = subject
        self.facts = facts
        nodes.append(
            ChainNode(
                kind: .input,
                source: ChainGraph.input,
                label: "input",
                shape: subject.rowShape,
                foreign: ForeignShape(subject.rowShape),
                identity: SHA256Digest(of: "picket input 1"),
                level: 0
            )
        )
    }

    /// A transformed copy of the input, a variant or a tensor; `shape` nil means that of the source.
    mutating func variant(
        of source: Int,
        key: String,
        detector: Int,
        token: UInt64,
        isDrawn: Bool,
        shape: Shape?
    ) throws(PlanningFault) -> Int {
        if case .run = nodes[source].kind {
            throw PlanningFault(
                message: "variant \(key.quoted): its source is a run, expected one of the run's tensors"
            )
        }
        let shape = shape ?? nodes[source].shape
        guard shape.elementCount > 0, shape.elementCount <= PlanLimits.variantElementCount else {
            throw PlanningFault(
                message: "variant \(key.quoted): \(shape) has \(shape.elementCount) elements, "
                    + "expected 1 to \(PlanLimits.variantElementCount)"
            )
        }
        let identity = identity("variant", key, of: source)
        if let known = places[identity] {
            guard nodes[known].shape == shape, case .variant(_, _, isDrawn) = nodes[known].kind else {
                throw PlanningFault(
                    message: "variant \(key.quoted) is already planned with shape \(nodes[known].shape)"
                        + " or another drawn flag; equal keys must be equal variants"
                )
            }
            return known
        }
        return try add(
            ChainNode(
                kind: .variant(detector: detector, token: token, isDrawn: isDrawn),
                source: source,
                label: "variant \(key.quoted)",
                shape: shape,
                foreign: ForeignShape(shape),
                identity: identity,
                level: nodes[source].level
            )
        )
    }

    /// A forward pass of a model on the input, a variant or a tensor; an empty name is the served model.
    mutating func run(on source: Int, model name: String) throws(PlanningFault) -> Int {
        if case .run = nodes[source].kind {
            throw PlanningFault(message: "run: its source is a run, expected one of the run's tensors")
        }
        let name = name.isEmpty ? subject.model : name
        guard let facts = facts(name) else {
            throw PlanningFault(message: "run: the configuration has no model \(name.quoted)")
        }
        guard facts.rowShape == nodes[source].shape else {
            throw PlanningFault(
                message: "run: model \(name.quoted) takes rows \(facts.rowShape), "
                    + "its source has \(nodes[source].shape)"
            )
        }
        let identity = identity("run", name, of: source)
        if let known = places[identity] { return known }
        guard runCount < PlanLimits.runsPerChain else {
            throw PlanningFault(message: "run: more than \(PlanLimits.runsPerChain) runs in a chain")
        }
        guard nodes[source].level < PlanLimits.levels else {
            throw PlanningFault(message: "run: more than \(PlanLimits.levels) runs behind one another")
        }
        runCount += 1
        return try add(
            ChainNode(
                kind: .run(model: name),
                source: source,
                label: "run of \(name.quoted)",
                shape: facts.rowShape,
                foreign: nodes[source].foreign,
                identity: identity,
                level: nodes[source].level
            )
        )
    }

    /// A tensor of a run.
    mutating func tensor(of run: Int, name: String) throws(PlanningFault) -> Int {
        guard case .run(let model) = nodes[run].kind else {
            throw PlanningFault(message: "tensor \(name.quoted): its node is no run")
        }
        guard let facts = facts(model) else {
            throw PlanningFault(message: "tensor \(name.quoted): the configuration has no model \(model.quoted)")
        }
        let (kind, shape) = try tensor(name, of: facts)
        let identity = identity("tensor", name, of: run)
        if let known = places[identity] { return known }
        return try add(
            ChainNode(
                kind: .tensor(kind),
                source: run,
                label: "tensor \(name.quoted)",
                shape: shape,
                foreign: ForeignShape(shape),
                identity: identity,
                level: nodes[run].level + 1
            )
        )
    }

    private func tensor(
        _ name: String,
        of facts: ModelFacts
    ) throws(PlanningFault) -> (ChainNode.RunTensor, Shape) {
        let derived: ChainNode.RunTensor? =
            switch name {
            case ProbabilityNames.probabilities: .probabilities
            case ProbabilityNames.logProbabilities: .logProbabilities
            default: nil
            }
        if let derived { return (derived, Shape([try classCount(of: facts, for: "tensor \(name.quoted)")])) }
        if facts.output(named: name) == nil, let layer = facts.layer(named: name), layer.rowShape.elementCount > 0 {
            return (.layer(name), layer.rowShape)
        }
        guard let output = facts.output(named: name) else {
            throw PlanningFault(
                message: "tensor \(name.quoted): model \(facts.name.quoted) has no such output or layer"
            )
        }
        guard output.elementType == .float32, output.rowShape.elementCount > 0 else {
            throw PlanningFault(
                message: "tensor \(name.quoted) of model \(facts.name.quoted) is \(output.elementType) "
                    + "\(output.rowShape), expected float32 with elements"
            )
        }
        return (.output(name), output.rowShape)
    }

    /// Whether a detector may give the served answer.
    func checkAnswerable() throws(PlanningFault) {
        guard let facts = facts(subject.model) else {
            throw PlanningFault(message: "answers: the configuration has no model \(subject.model.quoted)")
        }
        _ = try classCount(of: facts, for: "answers")
    }

    private func classCount(of facts: ModelFacts, for what: String) throws(PlanningFault) -> Int {
        guard let classes = facts.classCount, classes > 0, facts.outputKind != .tensor else {
            throw PlanningFault(message: "\(what): model \(facts.name.quoted) is no classifier")
        }
        guard let primary = facts.output(named: facts.primaryOutput), primary.elementType == .float32,
            primary.rowShape.elementCount == classes
        else {
            throw PlanningFault(
                message: "\(what): the primary output \(facts.primaryOutput.quoted) of model "
                    + "\(facts.name.quoted) is not float32 of \(classes) classes"
            )
        }
        return classes
    }

    private func identity(_ kind: String, _ name: String, of source: Int) -> SHA256Digest {
        let hasher = SHA256Hasher()
        hasher.update(field: kind)
        hasher.update(field: name)
        hasher.update(nodes[source].identity.bytes)
        return hasher.finalize()
    }

    private mutating func add(_ node: ChainNode) throws(PlanningFault) -> Int {
        guard nodes.count < PlanLimits.nodesPerChain else {
            throw PlanningFault(message: "more than \(PlanLimits.nodesPerChain) nodes in a chain")
        }
        places[node.identity] = nodes.count
        nodes.append(node)
        return nodes.count - 1
    }
}

/// The tensors that every classifier offers beside those of its graph (PICKET_PROBABILITIES and its sibling).
enum ProbabilityNames {
    static let probabilities = "picket:probabilities"
    static let logProbabilities = "picket:log-probabilities"
}
