/// Why a model file makes no graph.
public enum ImportError: Error, Sendable, CustomStringConvertible {
    /// The file, or one with its external data, is not readable.
    case file(ModelFileError)
    /// The bytes are no protobuf message of ONNX's schema, or exceed a limit.
    case wire(WireFault)
    /// The model as a whole: its versions, its graph, what it lacks.
    case model(reason: String)
    /// An input, output or initializer of the graph.
    case value(role: String, name: String, reason: String)
    /// A node that no valid model has.
    case node(NodeFault)
    /// Nodes that this version of Picket does not run, all of them.
    case unsupported([NodeFault])

    public var description: String {
        switch self {
        case .file(let error): error.description
        case .wire(let fault): fault.description
        case .model(let reason): reason
        case .value(let role, let name, let reason): "\(role) \(name.quotedForMessage): \(reason)"
        case .node(let fault): fault.description
        case .unsupported(let faults): faults.map(\.description).joined(separator: "\n")
        }
    }
}

extension NodeFault {
    /// A fault of a node in a model file; names are quoted when they are printed.
    init(_ name: String, _ operatorName: String, _ reason: String) {
        self.init(node: name, operatorName: operatorName, reason: reason)
    }
}
