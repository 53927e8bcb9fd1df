package import PicketTensor

/// A graph with concrete input shapes: the type and shape of every value, and the content of those that follow from
/// shapes alone.
package struct Specialisation: Sendable {
    /// Folded contents are shape arithmetic; larger ones are the business of a pass over the graph.
    private static let foldedElements = 4096

    /// Products of operand and result sizes that folding may cost in all, so that no small file makes a long load.
    private static let foldedWork = 1 << 22

    /// What every node may cost beside that: arithmetic on a few extents goes on when masks have used the rest up.
    private static let freeWork = 1024

    package let graph: Graph
    private var operands: [OperandFact?]
    private var work = Specialisation.foldedWork

    /// Runs every shape rule once, in order.
    ///
    /// - Parameter inputs: a shape for each of the graph's inputs.
    /// - Throws: the first node whose rule refuses, or an input that does not fit what the model declares.
    package init(_ graph: Graph, inputs: [Shape]) throws(NodeFault) {
        self.graph = graph
        self.operands = Array(repeating: nil, count: graph.values.count)
        guard inputs.count == graph.inputs.count else {
            throw NodeFault(
                node: "inputs",
                operatorName: "input",
                reason: "\(inputs.count) shapes, expected \(graph.inputs.count)"
            )
        }
        for (id, shape) in zip(graph.inputs, inputs) {
            guard let declared = graph[id].declared else {
                throw NodeFault(node: graph[id].name, operatorName: "input", reason: "has no declared type")
            }
            operands[id.index] = OperandFact(ConcreteFact(declared.elementType, shape), value: id)
        }
        try runAll()
    }

    /// Runs the shape rules of a graph inside another, whose inputs are what the outer one knows of them.
    ///
    /// - Throws: the first node whose rule refuses.
    package init(_ graph: Graph, facts: [OperandFact]) throws(NodeFault) {
        precondition(facts.count == graph.inputs.count, "one fact for each input")
        self.graph = graph
        self.operands = Array(repeating: nil, count: graph.values.count)
        for (id, fact) in zip(graph.inputs, facts) {
            operands[id.index] = OperandFact(fact.fact, constant: fact.constant, value: id)
        }
        try runAll()
    }

    private mutating func runAll() throws(NodeFault) {
        for (id, constant) in graph.constants { operands[id.index] = OperandFact(constant) }
        for node in graph.nodes {
            do {
                try run(node)
            } catch {
                throw node.fault(error)
            }
        }
        for output in graph.outputs where operands[output.index] == nil {
            throw NodeFault(node: graph[output].name, operatorName: "output", reason: "no node makes it")
        }
    }

    /// What is known of a value; nil only where nothing makes it.
    package subscript(id: ValueID) -> OperandFact? { operands[id.index] }

    /// What a node's shape rule saw.
    package func operands(of node: Node) -> [OperandFact?] {
        node.inputs.map { $0.flatMap { operands[$0.index] } }
    }

    /// Types and shapes of all results that a node's rule makes up to the last that is wanted, those that nobody wants
    /// among them, so that each stands at its place.
    func results(of node: Node) throws(OperatorFault) -> [ConcreteFact] {
        let wanted = node.outputs.compactMap { $0.flatMap { self[$0]?.fact } }
        return wanted.count == node.outputs.count ? wanted : try node.operation.infer(operands(of: node))
    }

    private mutating func run(_ node: Node) throws(OperatorFault) {
        let seen = operands(of: node)
        for (index, input) in node.inputs.enumerated() {
            if let input, seen[index] == nil {
                throw OperatorFault("reads \"\(graph[input].name)\" before any node makes it")
            }
        }
        let results = try node.operation.infer(seen)
        guard results.count >= node.outputs.count else {
            throw OperatorFault("\(node.outputs.count) outputs, expected at most \(results.count)")
        }
        var folded: [Tensor]?
        let read = seen.reduce(1) { $0 + ($1?.constant?.shape.elementCount ?? 0) }
        let made = results.reduce(1) { $0 + $1.shape.elementCount }
        let cost = read <= Self.foldedElements && made <= Self.foldedElements ? read * made : Int.max
        if cost <= max(work, Self.freeWork) {
            if cost > Self.freeWork { work -= cost }
            folded = try node.operation.fold(seen, results: results)
        }
        for (index, output) in node.outputs.enumerated() {
            guard let output else { continue }
            operands[output.index] = OperandFact(
                results[index],
                constant: folded.flatMap { index < $0.count ? ConstantTensor($0[index]) : nil },
                value: output
            )
        }
    }
}
