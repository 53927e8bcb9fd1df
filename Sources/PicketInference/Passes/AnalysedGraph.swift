internal import PicketTensor

/// A graph with what passes ask of it: who makes and who reads each value, and every value's type and shape.
package struct AnalysedGraph: Sendable {
    package let graph: Graph

    /// The node that makes each value.
    package let producers: [ValueID: Int]

    /// The nodes that read each value.
    package let consumers: [ValueID: [Int]]

    /// Bytes of the constants that the model came with, before any pass.
    package let modelBytes: Int

    /// Outputs and layers: what is seen from outside.
    private let seen: Set<ValueID>

    /// The graph at a few batch sizes, so that what holds in all of them does not hinge on one.
    private let specialisations: [Specialisation]

    /// - Parameter probes: sets of input shapes that the graph accepts.
    /// - Throws: the first node whose shape rule refuses.
    init(_ graph: Graph, probes: [[Shape]]) throws(NodeFault) {
        let bytes = graph.constants.values.reduce(0) { $0 + $1.byteCount }
        try self.init(graph, probes: probes, modelBytes: bytes)
    }

    /// The graph that a patch made of this one, looked at in the same way.
    func patched(_ patch: GraphPatch, probes: [[Shape]]) throws(NodeFault) -> AnalysedGraph {
        try AnalysedGraph(patch.applied(to: graph), probes: probes, modelBytes: modelBytes)
    }

    private init(_ graph: Graph, probes: [[Shape]], modelBytes: Int) throws(NodeFault) {
        self.graph = graph
        self.modelBytes = modelBytes
        producers = graph.producers
        consumers = graph.consumers
        seen = Set(graph.outputs + graph.layers)
        var specialisations: [Specialisation] = []
        for inputs in probes { specialisations.append(try Specialisation(graph, inputs: inputs)) }
        self.specialisations = specialisations
    }

    /// The value's types and shapes at the batch sizes looked at; empty where nothing makes it.
    func facts(_ id: ValueID) -> [ConcreteFact] { specialisations.compactMap { $0[id]?.fact } }

    /// Whether the value is known to be float32.
    func isFloat32(_ id: ValueID?) -> Bool {
        guard let id else { return false }
        let facts = facts(id)
        return !facts.isEmpty && facts.allSatisfy { $0.elementType == .float32 }
    }

    /// The operand facts of a node that hold for every run: those of the graph's constants.
    func constantOperands(_ node: Node) -> [OperandFact?] {
        node.inputs.map { input in
            guard let input, let constant = graph.constants[input] else { return nil }
            return OperandFact(constant)
        }
    }

    /// The content of a node's operand where it is known before a run.
    func constant(_ node: Node, _ position: Int) -> ConstantTensor? {
        guard position < node.inputs.count, let input = node.inputs[position] else { return nil }
        return graph.constants[input]
    }

    /// The one node that reads the first and only result of a node, where nobody else sees that result.
    package func soleConsumer(of node: Node) -> Int? {
        guard node.outputs.count == 1, let output = node.outputs[0], !seen.contains(output),
            let readers = consumers[output], readers.count == 1
        else { return nil }
        return readers[0]
    }

    /// Whether the value is an output or a layer, which must stay what it is.
    package func isSeen(_ id: ValueID) -> Bool { seen.contains(id) }

    /// Why `other`, made from this graph by a patch, is not the same function by types and shapes; nil where it is.
    func difference(from other: AnalysedGraph) -> String? {
        guard graph.inputs == other.graph.inputs else { return "the inputs changed" }
        guard graph.outputs == other.graph.outputs else { return "the outputs changed" }
        guard graph.layers == other.graph.layers else { return "the layers changed" }
        for index in graph.values.indices {
            let id = ValueID(index)
            guard graph[id].name == other.graph[id].name else { return "value \(id) changed its name" }
            let (before, after) = (facts(id), other.facts(id))
            guard after.isEmpty || before == after else {
                return "\(graph[id].name.quotedForMessage) was \(before) and became \(after)"
            }
        }
        for id in graph.outputs + graph.layers where other.facts(id).isEmpty {
            return "nothing makes the output \(graph[id].name.quotedForMessage)"
        }
        return nil
    }
}
