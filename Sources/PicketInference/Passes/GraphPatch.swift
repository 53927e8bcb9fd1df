/// What a pass proposes to change in a graph: many small edits that do not touch one another.
///
/// A pass only proposes. ``PassPipeline`` applies the patch, checks the result against what was there before, and
/// drops the patch where anything but the edited nodes changed.
package struct GraphPatch: Sendable {
    /// One line per edit, for traces.
    package private(set) var edits: [String] = []

    private var removed: Set<Int> = []
    private var replaced: [Int: [Node]] = [:]
    private var readInstead: [ValueID: ValueID] = [:]
    private var added: [(value: Value, constant: ConstantTensor?)] = []
    private var constants: [ValueID: ConstantTensor] = [:]
    private var forgotten: Set<ValueID> = []

    /// How many values the graph has that the patch is for; new ones are numbered from there.
    private let valueCount: Int

    package init(for graph: Graph) {
        valueCount = graph.values.count
    }

    package var isEmpty: Bool { edits.isEmpty }

    /// Whether an edit has the node already; a pass leaves such nodes to its next round.
    package func touches(_ node: Int) -> Bool { removed.contains(node) || replaced[node] != nil }

    package mutating func note(_ edit: String) { edits.append(edit) }

    package mutating func remove(_ node: Int) { removed.insert(node) }

    package mutating func replace(_ node: Int, with other: Node) { replaced[node] = [other] }

    /// Puts several nodes in the place of one, in an order in which operands come before their uses.
    package mutating func replace(_ node: Int, with others: [Node]) { replaced[node] = others }

    /// Lets every node that reads `value` read `other`; the graph's outputs stay as they are.
    package mutating func read(_ other: ValueID, insteadOf value: ValueID) {
        readInstead[value] = readInstead[other] ?? other
    }

    /// Gives an existing value, which no node makes any more, a known content.
    package mutating func fix(_ value: ValueID, to constant: ConstantTensor) { constants[value] = constant }

    /// A new value with a known content.
    package mutating func addConstant(_ name: String, _ constant: ConstantTensor) -> ValueID {
        added.append((Value(name: name), constant))
        return ValueID(valueCount + added.count - 1)
    }

    /// A new value that one of the patch's nodes makes.
    package mutating func addValue(_ name: String) -> ValueID {
        added.append((Value(name: name), nil))
        return ValueID(valueCount + added.count - 1)
    }

    /// Drops the content of a value that nobody reads.
    package mutating func forget(_ value: ValueID) { forgotten.insert(value) }

    /// The graph with the edits.
    ///
    /// - Throws: where the result is no valid graph.
    func applied(to graph: Graph) throws(NodeFault) -> Graph {
        guard graph.values.count == valueCount else {
            throw NodeFault(node: "patch", operatorName: "pass", reason: "was made for another graph")
        }
        var result = graph
        for (value, constant) in added {
            let id = result.addValue(value.name)
            if let constant { result.constants[id] = constant }
        }
        for (id, constant) in constants { result.constants[id] = constant }
        for id in forgotten { result.constants[id] = nil }
        var nodes: [Node] = []
        nodes.reserveCapacity(graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() where !removed.contains(index) {
            for var node in replaced[index] ?? [node] {
                for (position, input) in node.inputs.enumerated() {
                    if let input { node.inputs[position] = resolved(input) }
                }
                nodes.append(node)
            }
        }
        result.nodes = nodes
        try result.validate()
        return result
    }

    /// What is read in the end where one substitution leads to another; a circle would be a fault of the pass and
    /// ends after as many steps as there are substitutions.
    private func resolved(_ value: ValueID) -> ValueID {
        var value = value
        for _ in 0..<readInstead.count {
            guard let other = readInstead[value] else { break }
            value = other
        }
        return value
    }
}
