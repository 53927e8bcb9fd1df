internal import PicketSchemas

/// A node on its way into a graph: with the operator set that it was written for, and the functions that it came from.
struct OpenNode {
    var proto: Onnx_NodeProto
    var opset: Int
    var callers: [FunctionExpansion.Key] = []
}

/// Puts the bodies of a model's own functions in place of the nodes that call them.
///
/// A file can define functions that call one another so that each doubles the nodes: what expansion makes is counted
/// and bounded, as is the depth of calls, and a function that calls itself is refused.
struct FunctionExpansion {
    struct Key: Hashable {
        var domain: String
        var name: String
        var overload: String

        init(_ proto: Onnx_NodeProto) {
            domain = proto.domain
            name = proto.opType
            overload = proto.overload
        }

        init(_ proto: Onnx_FunctionProto) {
            domain = proto.domain
            name = proto.name
            overload = proto.overload
        }
    }

    private let functions: [Key: Onnx_FunctionProto]
    private let limits: ImportLimits
    private var nodes = 0
    private var numbers = 0

    init(_ functions: [Onnx_FunctionProto], limits: ImportLimits) throws(ImportError) {
        var known: [Key: Onnx_FunctionProto] = [:]
        for function in functions {
            guard known.updateValue(function, forKey: Key(function)) == nil else {
                throw .model(reason: "the model defines the function \(function.name.quotedForMessage) twice")
            }
        }
        self.functions = known
        self.limits = limits
    }

    /// The nodes without calls.
    mutating func expanded(_ nodes: [OpenNode]) throws(ImportError) -> [OpenNode] {
        guard !functions.isEmpty else { return nodes }
        var result: [OpenNode] = []
        for node in nodes { try expand(node, into: &result) }
        return result
    }

    private mutating func expand(_ node: OpenNode, into result: inout [OpenNode]) throws(ImportError) {
        let key = Key(node.proto)
        guard let function = functions[key] else {
            result.append(node)
            return
        }
        let name = node.proto.name.isEmpty ? key.name : node.proto.name
        let fault = { (reason: String) in ImportError.node(NodeFault(name, key.name, reason)) }
        guard !node.callers.contains(key) else { throw fault("is a function that calls itself") }
        guard node.callers.count < limits.functionDepth else {
            throw fault("is a call in \(limits.functionDepth) calls, expected no deeper")
        }
        guard node.proto.input.count <= function.input.count, node.proto.output.count <= function.output.count else {
            throw fault("has more inputs or outputs than the function \(key.name.quotedForMessage)")
        }
        let opset = try opset(of: function, default: node.opset, fault)
        nodes += 1
        let call = FunctionCall(function, node.proto, place: "\(name)#\(nodes)")
        var body: [OpenNode] = []
        for inner in function.node + call.copies {
            let renamed = call.renamed(inner)
            let size = FunctionCall.size(renamed)
            nodes += size.nodes
            numbers += size.numbers
            guard nodes <= limits.nodes, numbers <= limits.numbers else {
                throw fault("functions expand to more than \(limits.nodes) nodes or \(limits.numbers) numbers in them")
            }
            body.append(OpenNode(proto: renamed, opset: opset, callers: node.callers + [key]))
        }
        for inner in body { try expand(inner, into: &result) }
    }

    /// The version of the standard operators that a function's body is written for.
    private func opset(
        of function: Onnx_FunctionProto,
        default opset: Int,
        _ fault: (String) -> ImportError
    ) throws(ImportError) -> Int {
        guard let own = function.opsetImport.first(where: { ModelDocument.standard($0.domain).isEmpty }) else {
            return opset
        }
        let supported = ModelDocument.opsets
        guard let version = Int(exactly: own.version), supported.contains(version) else {
            throw fault("opset \(own.version), expected \(supported.lowerBound) to \(supported.upperBound)")
        }
        return version
    }
}

/// One call of a function: what the names and attributes of its body become.
struct FunctionCall {
    private var names: [String: String] = [:]
    private var attributes: [String: Onnx_AttributeProto] = [:]
    private let place: String

    /// What hands a result on that is a parameter itself, or a result a second time.
    private(set) var copies: [Onnx_NodeProto] = []

    init(_ function: Onnx_FunctionProto, _ call: Onnx_NodeProto, place: String) {
        self.place = place
        for (index, name) in function.input.enumerated() {
            names[name] = index < call.input.count ? call.input[index] : ""
        }
        for (index, name) in function.output.enumerated() where index < call.output.count {
            let outer = call.output[index]
            guard !outer.isEmpty else { continue }
            if names[name] == nil {
                names[name] = outer
            } else {
                let result = "result \(index)"
                names[result] = outer
                var copy = Onnx_NodeProto()
                copy.opType = "Identity"
                copy.input = [name]
                copy.output = [result]
                copies.append(copy)
            }
        }
        for attribute in function.attributeProto { attributes[attribute.name] = attribute }
        for attribute in call.attribute { attributes[attribute.name] = attribute }
    }

    /// A node of the body as a node of the caller's graph.
    func renamed(_ node: Onnx_NodeProto) -> Onnx_NodeProto {
        var node = node
        node.name = "\(place)/\(node.name.isEmpty ? node.opType : node.name)"
        node.input = node.input.map(renamed)
        node.output = node.output.map(renamed)
        node.attribute = node.attribute.compactMap(renamed)
        return node
    }

    private func renamed(_ name: String) -> String {
        name.isEmpty ? "" : names[name] ?? "\(place)/\(name)"
    }

    /// An attribute, the caller's where it refers to one; nil where the caller has left it out.
    private func renamed(_ attribute: Onnx_AttributeProto) -> Onnx_AttributeProto? {
        guard attribute.refAttrName.isEmpty else {
            guard var given = attributes[attribute.refAttrName] else { return nil }
            given.name = attribute.name
            return given
        }
        guard attribute.hasG else { return attribute }
        var attribute = attribute
        attribute.g = renamed(attribute.g)
        return attribute
    }

    private func renamed(_ graph: Onnx_GraphProto) -> Onnx_GraphProto {
        var graph = graph
        graph.node = graph.node.map(renamed)
        for index in graph.initializer.indices {
            graph.initializer[index].name = renamed(graph.initializer[index].name)
        }
        for index in graph.input.indices { graph.input[index].name = renamed(graph.input[index].name) }
        for index in graph.output.indices { graph.output[index].name = renamed(graph.output[index].name) }
        return graph
    }

    /// What a copy of a node costs: nodes, and the numbers, names and attributes in them; 32 bytes of a name count as one.
    static func size(_ node: Onnx_NodeProto) -> (nodes: Int, numbers: Int) {
        var size = (nodes: 1, numbers: node.input.count + node.output.count + node.name.utf8.count / 32)
        for name in node.input + node.output { size.numbers += name.utf8.count / 32 }
        for attribute in node.attribute {
            size.numbers += 1 + attribute.ints.count + attribute.floats.count + attribute.strings.count
            guard attribute.hasG else { continue }
            size.numbers += attribute.g.initializer.count + attribute.g.input.count + attribute.g.output.count
            for inner in attribute.g.node {
                let own = FunctionCall.size(inner)
                size.nodes += own.nodes
                size.numbers += own.numbers
            }
        }
        return size
    }
}
