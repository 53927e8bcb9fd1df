/// Removes nodes that no output or layer depends on, and constants that nobody reads, so that no plan packs them.
package struct DeadCodeElimination: GraphPass {
    package let name = "dead code"

    package init() {}

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var live = Set(graph.outputs + graph.layers)
        var patch = GraphPatch(for: graph)
        // Backwards, every reader of a value comes before its maker.
        for (index, node) in graph.nodes.enumerated().reversed() {
            if node.outputs.contains(where: { $0.map(live.contains) ?? false }) {
                live.formUnion(node.inputs.compactMap(\.self))
            } else {
                patch.remove(index)
                patch.note("\(node.operatorName) \(node.name.quotedForMessage) is not needed")
            }
        }
        for id in graph.constants.keys.sorted() where !live.contains(id) {
            patch.forget(id)
            patch.note("constant \(graph[id].name.quotedForMessage) is not read")
        }
        return patch.isEmpty ? nil : patch
    }
}
