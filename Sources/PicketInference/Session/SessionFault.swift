public import PicketTensor

/// Why a session does not run what it is asked to.
public enum SessionFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The model has no input of that name.
    case unknownInput(String, known: [String])
    /// No tensor for an input.
    case missingInput(String)
    /// A tensor's type or shape is not what the model declares.
    case mismatch(input: String, type: ElementType, shape: Shape, expected: TensorFact)
    /// Inputs of different numbers of rows.
    case rowCounts([String: Int])
    /// The model has no output of that name.
    case unknownOutput(String, known: [String])
    /// The model has no layer of that name, or was not compiled to keep it.
    case unknownLayer(String)
    /// Rows cannot be filled one by one, for the reason given.
    case noRows(String)
    /// A node refused the shapes, or failed on what the operands hold.
    case node(NodeFault)

    public var description: String {
        switch self {
        case .unknownInput(let name, let known): "no input \"\(name)\", expected \(known.joined(separator: ", "))"
        case .missingInput(let name): "input \"\(name)\" is missing"
        case .mismatch(let input, let type, let shape, let expected):
            "input \"\(input)\" is \(type) \(shape), expected \(expected)"
        case .rowCounts(let counts):
            "inputs have different numbers of rows: "
                + counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        case .unknownOutput(let name, let known): "no output \"\(name)\", expected \(known.joined(separator: ", "))"
        case .unknownLayer(let name): "no layer \"\(name)\" that this model was compiled to keep"
        case .noRows(let reason): "the model does not run row by row: \(reason)"
        case .node(let fault): fault.description
        }
    }
}
