internal import PicketSchemas
internal import PicketTensor

/// Turns a decoded model into a graph.
///
/// The importer checks the whole structure first (names, order, types, elements) and stops at the first fault there.
/// Operators that Picket does not run are no such fault: they are collected, all of them, each with its node.
struct GraphImporter {
    let document: ModelDocument
    let limits: ImportLimits
    var tensors: TensorImporter
    private(set) var graph = Graph()
    private(set) var unsupported: [NodeFault] = []

    /// Every value that has a name so far, and what made it, for messages.
    var names: [String: ValueID] = [:]

    /// Every name that a node or the caller reads.
    let read: Set<String>

    init(_ document: ModelDocument, folder: ModelFolder?, limits: ImportLimits) {
        self.document = document
        self.limits = limits
        tensors = TensorImporter(file: document.file, folder: folder, limits: limits)
        let graph = document.proto.graph
        read = Set(graph.node.lazy.flatMap(\.input)).union(graph.output.lazy.map(\.name))
    }

    /// Reads everything; afterwards ``graph`` is whole where ``unsupported`` is empty.
    ///
    /// - Throws: ``ImportError`` for what no valid model has.
    mutating func run() throws(ImportError) {
        let proto = document.proto.graph
        guard proto.sparseInitializer.isEmpty else {
            throw .model(reason: "the graph has sparse initializers, which are not supported")
        }
        try importInitializers(proto.initializer)
        try importInputs(proto.input)
        let nodes = try describeNodes(proto.node)
        try importNodes(nodes)
        try importOutputs(proto.output)
        guard unsupported.isEmpty else { return }
        do {
            try graph.validate()
        } catch {
            throw .node(error)
        }
    }

    // MARK: - What the facets write

    /// A new value under a name that nothing has yet.
    mutating func define(_ name: String, declared: TensorFact? = nil) -> ValueID {
        let id = graph.addValue(name, declared: declared)
        names[name] = id
        return id
    }

    /// A new value that no name of the model reaches.
    mutating func addValue(_ name: String) -> ValueID { graph.addValue(name) }

    mutating func setConstant(_ id: ValueID, _ constant: ConstantTensor) { graph.constants[id] = constant }

    mutating func addInput(_ id: ValueID) { graph.inputs.append(id) }

    mutating func addOutput(_ id: ValueID, declared: TensorFact) {
        graph.outputs.append(id)
        // An output that is an input as well keeps the input's declaration.
        if graph[id].declared == nil { graph[id].declared = declared }
    }

    mutating func addNode(_ node: Node) { graph.nodes.append(node) }

    mutating func refuse(_ fault: NodeFault) { unsupported.append(fault) }
}
