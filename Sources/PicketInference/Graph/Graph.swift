/// A model as operators and values, nodes in an order in which every operand comes before its use.
///
/// A plain value: passes work on copies. ``validate()`` holds after import and after every patch.
package struct Graph: Sendable {
    /// All values; a ``ValueID`` is a position in it. Values are never removed, only left unused.
    package private(set) var values: [Value] = []

    /// In execution order.
    package var nodes: [Node] = []

    /// Values known before a run.
    package var constants: [ValueID: ConstantTensor] = [:]

    /// What the caller provides, in the model's order; each has a declared fact.
    package var inputs: [ValueID] = []

    /// What the caller gets, in the model's order.
    package var outputs: [ValueID] = []

    /// Values inside that a run hands out while their memory is there: every pass keeps them, as it keeps the outputs, but
    /// they take no memory of their own.
    package var layers: [ValueID] = []

    package init() {}

    package subscript(id: ValueID) -> Value {
        get { values[id.index] }
        set { values[id.index] = newValue }
    }

    /// A new value; the caller gives it a producer.
    package mutating func addValue(_ name: String, declared: TensorFact? = nil) -> ValueID {
        values.append(Value(name: name, declared: declared))
        return ValueID(values.count - 1)
    }

    /// A new value with a known content.
    package mutating func addConstant(_ name: String, _ constant: ConstantTensor) -> ValueID {
        let id = addValue(name)
        constants[id] = constant
        return id
    }

    /// The value with a name of the model.
    package func value(named name: String) -> ValueID? {
        values.firstIndex { $0.name == name }.map(ValueID.init)
    }

    /// The index of the node that makes each value.
    package var producers: [ValueID: Int] {
        var producers: [ValueID: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for case let output? in node.outputs { producers[output] = index }
        }
        return producers
    }

    /// The indices of the nodes that read each value, once per reading operand.
    package var consumers: [ValueID: [Int]] {
        var consumers: [ValueID: [Int]] = [:]
        for (index, node) in nodes.enumerated() {
            for case let input? in node.inputs { consumers[input, default: []].append(index) }
        }
        return consumers
    }

    /// Checks what every reader of a graph relies on.
    ///
    /// - Parameter isInside: whether it stands in a node, whose operands tell the types of its inputs.
    /// - Throws: ``NodeFault`` where a value is read before it exists, or made twice.
    package func validate(isInside: Bool = false) throws(NodeFault) {
        var defined = Set(inputs)
        for id in constants.keys {
            guard defined.insert(id).inserted else {
                throw NodeFault(
                    node: self[id].name,
                    operatorName: "input",
                    reason: "is an input and a constant at once"
                )
            }
        }
        for node in nodes {
            for case let input? in node.inputs where !defined.contains(input) {
                throw node.fault(OperatorFault("reads \"\(self[input].name)\" before any node makes it"))
            }
            for case let output? in node.outputs {
                guard defined.insert(output).inserted else {
                    throw node.fault(OperatorFault("makes \"\(self[output].name)\" a second time"))
                }
            }
        }
        for output in outputs where !defined.contains(output) {
            throw NodeFault(node: self[output].name, operatorName: "output", reason: "no node makes it")
        }
        for layer in layers where !defined.contains(layer) {
            throw NodeFault(node: self[layer].name, operatorName: "layer", reason: "no node makes it")
        }
        for input in inputs where self[input].declared == nil && !isInside {
            throw NodeFault(node: self[input].name, operatorName: "input", reason: "has no declared type")
        }
    }
}
