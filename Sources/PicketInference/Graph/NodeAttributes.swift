/// The value of one attribute of a node, free of the wire format.
package enum AttributeValue: Sendable {
    case int(Int64)
    case float(Float)
    case string(String)
    case tensor(ConstantTensor)
    case ints([Int64])
    case floats([Float])
    case strings([String])
    case graph(Subgraph)
    /// A kind that no operator here reads (a sparse tensor, a list of graphs), by its ONNX name.
    case unsupported(String)

    var kind: String {
        switch self {
        case .int: "INT"
        case .float: "FLOAT"
        case .string: "STRING"
        case .tensor: "TENSOR"
        case .ints: "INTS"
        case .floats: "FLOATS"
        case .strings: "STRINGS"
        case .graph: "GRAPH"
        case .unsupported(let kind): kind
        }
    }
}

/// The attributes of a node, by name.
package struct NodeAttributes: Sendable {
    private let values: [String: AttributeValue]

    package init(_ values: [String: AttributeValue] = [:]) { self.values = values }

    package var names: Set<String> { Set(values.keys) }

    package subscript(name: String) -> AttributeValue? { values[name] }

    package func int(_ name: String) throws(OperatorFault) -> Int? {
        guard let value = values[name] else { return nil }
        guard case .int(let int) = value else { throw mismatch(name, value, "INT") }
        return Int(int)
    }

    /// An attribute that means yes or no: 0 or 1.
    package func flag(_ name: String, default standard: Bool) throws(OperatorFault) -> Bool {
        guard let value = try int(name) else { return standard }
        guard value == 0 || value == 1 else { throw OperatorFault("attribute \(name) is \(value), expected 0 or 1") }
        return value == 1
    }

    package func float(_ name: String) throws(OperatorFault) -> Float? {
        guard let value = values[name] else { return nil }
        guard case .float(let float) = value else { throw mismatch(name, value, "FLOAT") }
        return float
    }

    package func string(_ name: String) throws(OperatorFault) -> String? {
        guard let value = values[name] else { return nil }
        guard case .string(let string) = value else { throw mismatch(name, value, "STRING") }
        return string
    }

    package func ints(_ name: String) throws(OperatorFault) -> [Int]? {
        guard let value = values[name] else { return nil }
        guard case .ints(let ints) = value else { throw mismatch(name, value, "INTS") }
        return ints.map { Int($0) }
    }

    /// A graph that a node must have.
    package func graph(_ name: String) throws(OperatorFault) -> Subgraph {
        guard let value = values[name] else { throw OperatorFault("attribute \(name) is missing") }
        guard case .graph(let graph) = value else { throw mismatch(name, value, "GRAPH") }
        return graph
    }

    private func mismatch(_ name: String, _ value: AttributeValue, _ expected: String) -> OperatorFault {
        OperatorFault("attribute \(name) is of kind \(value.kind), expected \(expected)")
    }
}
