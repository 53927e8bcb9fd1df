internal import PicketSchemas
internal import PicketTensor

extension GraphImporter {
    /// Reads the graphs in a node's attributes, where its operator takes such, and puts them among its attributes.
    ///
    /// - Returns: the values of this graph that they read, in the order of the attributes' names: operands of the node
    ///   behind its own.
    mutating func importSubgraphs(
        of node: Described,
        into attributes: inout [String: AttributeValue]
    ) throws(ImportError) -> [ValueID?] {
        let domain = ModelDocument.standard(node.proto.domain)
        let signatures = OperatorRegistry.standard.signatures(domain: domain, name: node.proto.opType)
        var captured: [ValueID?] = []
        if domain.isEmpty, node.proto.opType == "Loop" {
            loops += 1
            guard loops <= limits.loops else { throw node.fault("is one of more than \(limits.loops) loops") }
        }
        for attribute in node.proto.attribute.sorted(by: { $0.name < $1.name }) where attribute.hasG {
            guard signatures.contains(where: { $0.attributes.contains(attribute.name) }) else { continue }
            let graph = try subgraph(attribute.g, of: node)
            attributes[attribute.name] = .graph(graph)
            captured += graph.captures.map { names[$0] }
        }
        return captured
    }

    private mutating func subgraph(
        _ proto: Onnx_GraphProto,
        of node: Described
    ) throws(ImportError) -> Subgraph {
        var inner = GraphImporter(proto, inside: self, opset: node.opset, callers: node.callers)
        let captures = Self.freeNames(of: proto)
        do throws(ImportError) {
            try inner.runInside(captures)
        } catch {
            throw node.fault("inside: \(error.description)")
        }
        adopt(inner)
        return Subgraph(graph: inner.graph, formals: proto.input.count, captures: captures)
    }

    /// Reads a graph inside a node: parameters first, then what it reads of the graph around.
    private mutating func runInside(_ captures: [String]) throws(ImportError) {
        for input in proto.input {
            let name = input.name
            guard !name.isEmpty, names[name] == nil else {
                throw .value(role: "input", name: name, reason: name.isEmpty ? "has no name" : "stands twice")
            }
            // What is no tensor, and element types that are not there, are refused here by name.
            let declared = input.hasType ? try fact(input, role: "input", batch: nil) : nil
            addInput(define(name, declared: declared))
        }
        try importInitializers(proto.initializer)
        for name in captures { addInput(define(name)) }
        try importOpenNodes()
        for output in proto.output {
            guard let id = names[output.name] else {
                throw .value(role: "output", name: output.name, reason: "no node makes it")
            }
            addOutput(id)
        }
        guard !graph.outputs.isEmpty else { throw .model(reason: "the graph has no outputs") }
        guard unsupported.isEmpty else { return }
        do {
            try graph.validate(isInside: true)
        } catch {
            throw .node(error)
        }
    }

    // MARK: - Names across graphs

    /// What nodes and callers of a graph read, whatever makes it.
    static func namesRead(in graph: Onnx_GraphProto) -> Set<String> {
        var read = Set(graph.node.lazy.flatMap(\.input)).union(graph.output.lazy.map(\.name))
        for node in graph.node { read.formUnion(namesCaptured(by: node)) }
        return read
    }

    /// What the graphs inside a node read of the graph around them.
    static func namesCaptured(by node: Onnx_NodeProto) -> [String] {
        node.attribute.flatMap { $0.hasG ? freeNames(of: $0.g) : [] }
    }

    /// What a graph reads and nothing in it makes, each name once, in order.
    static func freeNames(of graph: Onnx_GraphProto) -> [String] {
        var own = Set(graph.input.lazy.map(\.name)).union(graph.initializer.lazy.map(\.name))
        for node in graph.node { own.formUnion(node.output) }
        var free: [String] = []
        var seen: Set<String> = [""]
        let reads = graph.node.lazy.flatMap { $0.input + namesCaptured(by: $0) }
        for name in Array(reads) + graph.output.map(\.name) where !own.contains(name) {
            if seen.insert(name).inserted { free.append(name) }
        }
        return free
    }
}
