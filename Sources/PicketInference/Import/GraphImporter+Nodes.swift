internal import PicketSchemas
internal import PicketTensor

extension GraphImporter {
    /// A node of the file under the name that messages call it by.
    struct Described {
        let proto: Onnx_NodeProto
        let name: String
        let opset: Int
        let callers: [FunctionExpansion.Key]

        func fault(_ reason: String) -> ImportError {
            .node(NodeFault(node: name, operatorName: proto.opType, reason: reason))
        }
    }

    /// Names every result and sorts the nodes.
    func describeNodes(_ open: [OpenNode]) throws(ImportError) -> [Described] {
        var producers: [String: Int] = [:]
        var nodes: [Described] = []
        nodes.reserveCapacity(open.count)
        for (index, item) in open.enumerated() {
            let proto = item.proto
            let name = proto.name.isEmpty ? "\(proto.opType)#\(index)" : proto.name
            let node = Described(proto: proto, name: name, opset: item.opset, callers: item.callers)
            nodes.append(node)
            guard !proto.opType.isEmpty else { throw node.fault("has no operator") }
            guard proto.output.contains(where: { !$0.isEmpty }) else { throw node.fault("has no output") }
            for output in proto.output where !output.isEmpty {
                guard names[output] == nil else {
                    throw node.fault("makes \(output.quotedForMessage), which is an input or initializer")
                }
                if let other = producers.updateValue(index, forKey: output) {
                    let otherName = nodes[other].name.quotedForMessage
                    throw node.fault("makes \(output.quotedForMessage), which node \(otherName) makes")
                }
            }
        }
        var operands: [[Int]] = []
        operands.reserveCapacity(open.count)
        for node in nodes {
            var makers: [Int] = []
            for input in node.proto.input + Self.namesCaptured(by: node.proto) where !input.isEmpty {
                if let maker = producers[input] {
                    makers.append(maker)
                } else if names[input] == nil {
                    throw node.fault("reads \(input.quotedForMessage), which nothing makes")
                }
            }
            operands.append(makers)
        }
        do {
            return try NodeOrder(operands: operands).sorted().map { nodes[$0] }
        } catch {
            throw nodes[error.node].fault("depends on its own output: the graph has a cycle through it")
        }
    }

    /// Turns sorted nodes into operators; what Picket does not run goes to ``unsupported``.
    mutating func importNodes(_ nodes: [Described]) throws(ImportError) {
        for node in nodes { try importNode(node) }
    }

    private mutating func importNode(_ node: Described) throws(ImportError) {
        let proto = node.proto
        var attributes: [String: AttributeValue]
        do {
            attributes = try AttributeImporter.attributes(proto.attribute, tensors: &tensors)
        } catch {
            throw error.importError { node.fault($0) }
        }
        let captured = try importSubgraphs(of: node, into: &attributes)
        var inputs = proto.input.map { $0.isEmpty ? nil : names[$0] }
        let outputs = wantedOutputs(proto)
        if let constant = try constant(node, attributes, outputs) {
            setConstant(constant.id, constant.value)
            return
        }
        do throws(OperatorFault) {
            let modern = try modernised(node, attributes, inputs)
            inputs = modern.inputs
            attributes = modern.attributes
        } catch {
            refuse(
                NodeFault(
                    node: node.name,
                    operatorName: proto.opType,
                    reason: "\(error.reason) (opset \(node.opset))"
                )
            )
            return
        }
        let description = NodeDescription(
            attributes: NodeAttributes(attributes),
            opset: max(node.opset, OlderOpset.modern),
            inputs: inputs.map { $0 != nil },
            outputs: outputs.map { $0 != nil }
        )
        do throws(OperatorFault) {
            try checkDomain(proto)
            for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                if case .unsupported(let kind) = value {
                    throw OperatorFault("attribute \(name.quotedForMessage) is a \(kind), which is not supported")
                }
            }
            let operation = try OperatorRegistry.standard.make(
                domain: proto.domain,
                name: proto.opType,
                node: description
            )
            addNode(Node(name: node.name, operation: operation, inputs: inputs + captured, outputs: outputs))
        } catch {
            let reason = "\(error.reason) (opset \(node.opset))"
            refuse(NodeFault(node: node.name, operatorName: proto.opType, reason: reason))
        }
    }

    /// A node's results; those behind the first that nobody reads, such as Dropout's mask, are not asked for.
    private mutating func wantedOutputs(_ proto: Onnx_NodeProto) -> [ValueID?] {
        var outputs: [ValueID?] = []
        for (index, name) in proto.output.enumerated() {
            outputs.append(name.isEmpty || (index > 0 && !read.contains(name)) ? nil : define(name))
        }
        while outputs.count > 1, outputs.last == .some(nil) { outputs.removeLast() }
        return outputs
    }

    private func checkDomain(_ proto: Onnx_NodeProto) throws(OperatorFault) {
        let domain = ModelDocument.standard(proto.domain)
        guard !domain.isEmpty else { return }
        let name = "operator \(proto.opType) of domain \(domain.quotedForMessage)"
        guard document.otherDomains.contains(domain) else {
            throw OperatorFault("\(name), which the model does not import")
        }
        throw OperatorFault("\(name) is not supported")
    }

    /// The value of a Constant node (opset 1 to 21), which leaves no node behind.
    private func constant(
        _ node: Described,
        _ attributes: [String: AttributeValue],
        _ outputs: [ValueID?]
    ) throws(ImportError) -> (id: ValueID, value: ConstantTensor)? {
        guard node.proto.opType == "Constant", ModelDocument.standard(node.proto.domain).isEmpty else { return nil }
        guard let first = outputs.first, let id = first, outputs.count == 1, node.proto.input.isEmpty else {
            throw node.fault("a Constant has no input and one output")
        }
        guard let (name, value) = attributes.first, attributes.count == 1 else {
            throw node.fault("\(attributes.count) attributes, expected the one that is the value")
        }
        switch (name, value) {
        case ("value", .tensor(let constant)):
            return (id, constant)
        case ("value_float", .float(let float)):
            return (id, ConstantTensor(Tensor([float], shape: Shape([]))))
        case ("value_floats", .floats(let floats)):
            return (id, ConstantTensor(Tensor(floats, shape: Shape([floats.count]))))
        case ("value_int", .int(let int)):
            return (id, ConstantTensor(Tensor([int], shape: Shape([]))))
        case ("value_ints", .ints(let ints)):
            return (id, ConstantTensor(Tensor(ints, shape: Shape([ints.count]))))
        default:
            throw node.fault("attribute \(name.quotedForMessage) is no value that Picket reads")
        }
    }
}
