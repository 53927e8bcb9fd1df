internal import PicketTensor

/// Computes nodes whose operands are all known, by their reference evaluation, within bounds of memory and work.
///
/// What is past the bounds stays in the graph and is computed in every run, so that no small file makes a large import.
package struct ConstantFolding: GraphPass {
    package let name = "constant folding"

    private let limits: ImportLimits

    package init(limits: ImportLimits) {
        self.limits = limits
    }

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var patch = GraphPatch(for: graph)
        var known = graph.constants
        var budget = FoldingBudget(limits: limits, analysed)
        for (index, node) in graph.nodes.enumerated() {
            guard let results = fold(node, known, &budget) else { continue }
            for (output, tensor) in zip(node.outputs, results) {
                guard let output else { continue }
                let constant = ConstantTensor(tensor)
                known[output] = constant
                patch.fix(output, to: constant)
            }
            patch.remove(index)
            patch.note("\(node.operatorName) \(node.name.quotedForMessage) has only constant operands")
        }
        return patch.isEmpty ? nil : patch
    }

    private func fold(_ node: Node, _ known: [ValueID: ConstantTensor], _ budget: inout FoldingBudget) -> [Tensor]? {
        var operands: [OperandFact?] = []
        for input in node.inputs {
            guard let input else {
                operands.append(nil)
                continue
            }
            guard let constant = known[input] else { return nil }
            operands.append(OperandFact(constant))
        }
        // A rule that refuses here has refused in the analysis already, with the node's name.
        guard let results = try? node.operation.infer(operands), results.count >= node.outputs.count,
            budget.take(node, operands, results),
            let tensors = try? node.operation.fold(operands, results: results), tensors.count >= node.outputs.count
        else { return nil }
        return tensors
    }
}
