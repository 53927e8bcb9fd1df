/// Names a value of one graph: the position in its value table.
package struct ValueID: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let index: Int

    package init(_ index: Int) { self.index = index }

    package static func < (left: ValueID, right: ValueID) -> Bool { left.index < right.index }

    package var description: String { "%\(index)" }
}

/// An edge of the graph: a tensor with a name, made by one node, by the caller, or known beforehand.
package struct Value: Sendable {
    /// The model's name for it; unique in a graph.
    package var name: String

    /// What the model declares of it, where it does; graph inputs always have it.
    package var declared: TensorFact?

    package init(name: String, declared: TensorFact? = nil) {
        self.name = name
        self.declared = declared
    }
}

/// One operator applied to values.
package struct Node: Sendable {
    /// The model's name for it, or one made from its operator and position.
    package var name: String

    package var operation: any Operator

    /// Operands in the operator's order; nil where an optional one is left out.
    package var inputs: [ValueID?]

    /// Results in the operator's order; nil where nobody wants one.
    package var outputs: [ValueID?]

    package init(name: String, operation: any Operator, inputs: [ValueID?], outputs: [ValueID?]) {
        self.name = name
        self.operation = operation
        self.inputs = inputs
        self.outputs = outputs
    }

    /// The operator's name, as in the ONNX specification.
    package var operatorName: String { type(of: operation).signature.name }

    /// The fault with this node's name around it.
    package func fault(_ fault: OperatorFault) -> NodeFault {
        NodeFault(node: name, operatorName: operatorName, reason: fault.reason, unknown: fault.unknown)
    }
}

/// A node that cannot be: names it, its operator and the reason.
public struct NodeFault: Error, Sendable, Hashable, CustomStringConvertible {
    public var node: String
    public var operatorName: String
    public var reason: String

    /// The value whose content is all that the node's shape rule lacks.
    package var unknown: ValueID?

    public init(node: String, operatorName: String, reason: String) {
        self.init(node: node, operatorName: operatorName, reason: reason, unknown: nil)
    }

    package init(node: String, operatorName: String, reason: String, unknown: ValueID?) {
        self.node = node
        self.operatorName = operatorName
        self.reason = reason
        self.unknown = unknown
    }

    public var description: String { "node \"\(node)\" (\(operatorName)): \(reason)" }
}
