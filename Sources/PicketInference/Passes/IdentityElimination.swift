/// Removes nodes that hand their operand on: Identity, and Dropout, which drops nothing outside training.
package struct IdentityElimination: GraphPass {
    package let name = "identity elimination"

    package init() {}

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var patch = GraphPatch(for: graph)
        for (index, node) in graph.nodes.enumerated() where handsOn(node, analysed) {
            guard let input = node.inputs.first ?? nil, let output = node.outputs.first ?? nil else { continue }
            if !analysed.isSeen(output) {
                patch.read(input, insteadOf: output)
                patch.remove(index)
                patch.note("\(node.operatorName) \(node.name.quotedForMessage) hands its operand on")
            } else if let producer = analysed.producers[input], !patch.touches(producer), !analysed.isSeen(input) {
                // The output keeps its name, so the node before makes it in place of its own result.
                var other = graph.nodes[producer]
                guard !handsOn(other, analysed) else { continue }
                other.outputs = other.outputs.map { $0 == input ? output : $0 }
                patch.replace(producer, with: other)
                patch.read(output, insteadOf: input)
                patch.remove(index)
                patch.note("\(node.operatorName) \(node.name.quotedForMessage) hands its operand on as an output")
            }
        }
        return patch.isEmpty ? nil : patch
    }

    private func handsOn(_ node: Node, _ analysed: AnalysedGraph) -> Bool {
        switch node.operation {
        case is Identity:
            return true
        case is Dropout:
            // The second result is a mask; it is made by the node, if anybody wants it.
            return node.outputs.dropFirst().allSatisfy { mask in
                guard let mask else { return true }
                return analysed.consumers[mask] == nil && !analysed.isSeen(mask)
            }
        default:
            return false
        }
    }
}
