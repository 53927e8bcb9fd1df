internal import PicketSchemas
internal import PicketTensor

/// Turns a decoded model into a graph.
///
/// The importer checks the whole structure first (names, order, types, elements) and stops at the first fault there.
/// Operators that Picket does not run are no such fault: they are collected, all of them, each with its node.
struct GraphImporter {
    let document: ModelDocument
    let limits: ImportLimits
    /// The graph that is read: the model's, or one inside a node.
    let proto: Onnx_GraphProto
    /// The operator set of the graph's nodes, but for those of functions.
    let opset: Int
    /// The functions whose bodies the graph stands in.
    let callers: [FunctionExpansion.Key]
    var tensors: TensorImporter
    var expansion: FunctionExpansion
    /// Loops so far, in all graphs.
    var loops = 0
    private(set) var graph = Graph()
    private(set) var unsupported: [NodeFault] = []

    /// Every value that has a name so far, and what made it, for messages.
    var names: [String: ValueID] = [:]

    /// Every name that a node or the caller reads.
    let read: Set<String>

    init(_ document: ModelDocument, folder: ModelFolder?, limits: ImportLimits) throws(ImportError) {
        self.document = document
        self.limits = limits
        proto = document.proto.graph
        opset = document.opset
        callers = []
        tensors = TensorImporter(file: document.file, folder: folder, limits: limits)
        expansion = try FunctionExpansion(document.proto.functions, limits: limits)
        read = Self.namesRead(in: proto)
    }

    /// An importer of a graph inside a node of another; what is counted over the whole model is counted on.
    init(_ proto: Onnx_GraphProto, inside outer: GraphImporter, opset: Int, callers: [FunctionExpansion.Key]) {
        document = outer.document
        limits = outer.limits
        self.proto = proto
        self.opset = opset
        self.callers = callers
        tensors = outer.tensors
        expansion = outer.expansion
        loops = outer.loops
        read = Self.namesRead(in: proto)
    }

    /// Reads everything; afterwards ``graph`` is whole where ``unsupported`` is empty.
    ///
    /// - Throws: ``ImportError`` for what no valid model has.
    mutating func run() throws(ImportError) {
        try importInitializers(proto.initializer)
        try importInputs(proto.input)
        try importOpenNodes()
        try importOutputs(proto.output)
        guard unsupported.isEmpty else { return }
        do {
            try graph.validate()
        } catch {
            throw .node(error)
        }
    }

    /// Expands functions, sorts the nodes and makes operators of them.
    mutating func importOpenNodes() throws(ImportError) {
        guard proto.sparseInitializer.isEmpty else {
            throw .model(reason: "the graph has sparse initializers, which are not supported")
        }
        let open = proto.node.map { OpenNode(proto: $0, opset: opset, callers: callers) }
        try importNodes(try describeNodes(try expansion.expanded(open)))
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

    mutating func addOutput(_ id: ValueID) { graph.outputs.append(id) }

    mutating func addNode(_ node: Node) { graph.nodes.append(node) }

    mutating func refuse(_ fault: NodeFault) { unsupported.append(fault) }

    /// Takes over what a graph inside has counted and refused.
    mutating func adopt(_ inner: GraphImporter) {
        tensors = inner.tensors
        expansion = inner.expansion
        loops = inner.loops
        unsupported += inner.unsupported
    }
}
