/// All operators, by domain and name.
package struct OperatorRegistry: Sendable {
    /// Versions of the standard operator set that models may import.
    package static let standardOpsets = 7...21

    /// Everything that the core knows.
    package static let standard = OperatorRegistry(StandardOperators.all)

    private struct Key: Hashable {
        var domain: String
        var name: String
    }

    private let operators: [Key: [any Operator.Type]]

    package init(_ types: [any Operator.Type]) {
        var operators: [Key: [any Operator.Type]] = [:]
        for type in types {
            operators[Key(domain: type.signature.domain, name: type.signature.name), default: []].append(type)
        }
        self.operators = operators
    }

    /// The names of all operators in a domain, sorted.
    package func names(domain: String = "") -> [String] {
        operators.keys.filter { $0.domain == domain }.map(\.name).sorted()
    }

    /// What an operator takes, in each of the ranges of opsets that it is implemented for.
    package func signatures(domain: String = "", name: String) -> [OperatorSignature] {
        (operators[Key(domain: domain, name: name)] ?? []).map { $0.signature }
    }

    /// The operator of a node.
    ///
    /// - Parameter domain: as in the model; `ai.onnx` means the standard domain too.
    /// - Throws: where no operator has the name in that version, or arity or attributes do not fit it.
    package func make(domain: String, name: String, node: NodeDescription) throws(OperatorFault) -> any Operator {
        let domain = domain == "ai.onnx" ? "" : domain
        let prefix = domain.isEmpty ? "" : "\(domain)."
        guard let candidates = operators[Key(domain: domain, name: name)] else {
            throw OperatorFault("operator \(prefix)\(name) is not supported")
        }
        guard let type = candidates.first(where: { $0.signature.opsets.contains(node.opset) }) else {
            throw OperatorFault("operator \(prefix)\(name) is not supported in opset \(node.opset)")
        }
        try check(node, against: type.signature)
        return try type.init(node)
    }

    private func check(_ node: NodeDescription, against signature: OperatorSignature) throws(OperatorFault) {
        guard node.inputs.count <= signature.inputs.upperBound else {
            throw OperatorFault("\(node.inputs.count) inputs, expected at most \(signature.inputs.upperBound)")
        }
        for index in 0..<signature.inputs.lowerBound where index >= node.inputs.count || !node.inputs[index] {
            throw OperatorFault("input \(index) is missing, expected \(signature.inputs.lowerBound) at least")
        }
        guard signature.outputs.contains(node.outputs.count) else {
            throw OperatorFault("\(node.outputs.count) outputs, expected \(signature.outputs)")
        }
        for name in node.attributes.names.sorted() where !signature.attributes.contains(name) {
            throw OperatorFault("attribute \(name) is not one that \(signature.name) has")
        }
    }
}
