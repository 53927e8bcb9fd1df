package import PicketTensor

/// A graph inside a node: a branch, or the body of a loop.
///
/// Its inputs are its formal parameters, then the values of the graph around it that it reads, which become operands of
/// the node behind its own.
package struct Subgraph: Sendable {
    package var graph: Graph

    /// How many of the graph's inputs are formal parameters.
    package let formals: Int

    /// Names, in the graph around, of the values that the other inputs are.
    package let captures: [String]

    package init(graph: Graph, formals: Int, captures: [String]) {
        precondition(graph.inputs.count == formals + captures.count, "an input is a parameter or captured")
        self.graph = graph
        self.formals = formals
        self.captures = captures
    }

    /// What is known of the graph's values for what is known of its inputs.
    ///
    /// - Throws: the node inside whose rule refuses; where that lacks a content, the fault names an operand whose content
    ///   is unknown.
    func specialised(_ facts: [OperandFact]) throws(OperatorFault) -> Specialisation {
        do {
            return try Specialisation(graph, facts: facts)
        } catch {
            guard error.unknown != nil, let open = facts.first(where: { $0.constant == nil && $0.value != nil }) else {
                throw OperatorFault("inside: \(error)")
            }
            throw OperatorFault(unknown: open, "what \(error.node.quotedForMessage) inside needs")
        }
    }

    /// The results by the operators' references, one node after the other, whatever hangs on what.
    ///
    /// - Parameter work: is drawn upon by what is read and made.
    func evaluated(_ inputs: [Tensor], work: WorkAllowance) throws(OperatorFault) -> [Tensor] {
        var values = [Tensor?](repeating: nil, count: graph.values.count)
        for (id, constant) in graph.constants {
            try work.take(constant.shape.elementCount)
            values[id.index] = constant.tensor()
        }
        for (id, tensor) in zip(graph.inputs, inputs) { values[id.index] = tensor }
        for node in graph.nodes {
            do throws(OperatorFault) {
                let operands = node.inputs.map { $0.flatMap { values[$0.index] } }
                let facts = operands.map { $0.map { OperandFact(ConstantTensor($0)) } }
                try work.take(operands.reduce(1) { $0 + ($1?.shape.elementCount ?? 0) })
                let made: [Tensor]
                if let control = node.operation as? any ControlOperator {
                    // Its shape rule might evaluate it too, on an allowance of its own.
                    made = try control.evaluated(operands, work: work)
                } else {
                    let results = try node.operation.infer(facts)
                    try work.take(results.reduce(1) { $0 + $1.shape.elementCount })
                    made = try node.operation.evaluate(operands, results: results)
                }
                for (index, output) in node.outputs.enumerated() where index < made.count {
                    if let output { values[output.index] = made[index] }
                }
            } catch {
                throw OperatorFault("inside: \(node.fault(error))")
            }
        }
        var outputs: [Tensor] = []
        for id in graph.outputs {
            guard let tensor = values[id.index] else {
                throw OperatorFault("inside: nothing makes \(graph[id].name.quotedForMessage)")
            }
            outputs.append(tensor)
        }
        return outputs
    }
}

/// An operator with graphs inside.
package protocol ControlOperator: Operator {
    /// The results by the references of what is inside.
    func evaluated(_ operands: [Tensor?], work: WorkAllowance) throws(OperatorFault) -> [Tensor]
}

/// What an evaluation before any run may read and make, in elements: a loop in a small file can ask for any number.
package final class WorkAllowance {
    private var rest: Int

    package init(_ elements: Int) { rest = elements }

    package func take(_ elements: Int) throws(OperatorFault) {
        guard elements <= rest else { throw OperatorFault("takes more steps before a run than are allowed") }
        rest -= elements
    }
}
