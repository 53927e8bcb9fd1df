/// Puts the nodes of an If's branch in the If's place where the condition is known.
package struct BranchInlining: GraphPass {
    package let name = "branch inlining"

    package init() {}

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        var patch = GraphPatch(for: analysed.graph)
        for (index, node) in analysed.graph.nodes.enumerated() {
            guard let choice = node.operation as? If, let condition = analysed.constant(node, 0),
                let taken = try? choice.condition([OperandFact(condition)]),
                let (branch, captured) = try? choice.branch(taken, node.inputs)
            else { continue }
            patch.replace(index, with: inlined(branch, of: node, captured, &patch))
            patch.note("If \(node.name.quotedForMessage) has a known condition: \(taken)")
        }
        return patch.isEmpty ? nil : patch
    }

    /// The branch's nodes on values of the graph around.
    private func inlined(
        _ branch: Subgraph,
        of node: Node,
        _ captured: [ValueID],
        _ patch: inout GraphPatch
    ) -> [Node] {
        let graph = branch.graph
        var outer = Dictionary(zip(graph.inputs, captured)) { first, _ in first }
        for (id, constant) in graph.constants.sorted(by: { $0.key < $1.key }) {
            outer[id] = patch.addConstant("\(node.name)/\(graph[id].name)", constant)
        }
        var wanted = Array(zip(graph.outputs, node.outputs))
        // A result takes the If's own value, so that whoever reads that reads on.
        wanted.removeAll { inner, result in
            guard let result else { return true }
            guard outer[inner] == nil else { return false }
            outer[inner] = result
            return true
        }
        var nodes: [Node] = []
        for var inside in graph.nodes {
            inside.name = "\(node.name)/\(inside.name)"
            inside.inputs = inside.inputs.map { $0.flatMap { outer[$0] } }
            inside.outputs = inside.outputs.map { id in
                guard let id else { return nil }
                let value = outer[id] ?? patch.addValue("\(node.name)/\(graph[id].name)")
                outer[id] = value
                return value
            }
            nodes.append(inside)
        }
        // What is captured or known, or a result twice, is handed on.
        for (inner, result) in wanted {
            guard
                let identity = try? Identity(
                    NodeDescription(attributes: NodeAttributes(), opset: 13, inputs: [true], outputs: [true])
                )
            else { continue }
            nodes.append(
                Node(name: "\(node.name)/hands on", operation: identity, inputs: [outer[inner]], outputs: [result])
            )
        }
        return nodes
    }
}
