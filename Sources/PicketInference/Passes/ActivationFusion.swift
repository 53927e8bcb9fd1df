/// Lets a convolution or matrix product apply the activation that follows it while its results are still in registers.
///
/// Of float32 only: kernels compute no other type, and elsewhere each node rounds as the file has it.
package struct ActivationFusion: GraphPass {
    package let name = "activation fusion"

    package init() {}

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var patch = GraphPatch(for: graph)
        for (index, node) in graph.nodes.enumerated() where !patch.touches(index) {
            guard let fusing = node.operation as? any ActivationFusingOperator, fusing.activation == .none,
                let next = analysed.soleConsumer(of: node), !patch.touches(next),
                let follower = graph.nodes[next].operation as? any ActivationOperator,
                graph.nodes[next].inputs.first == node.outputs[0],
                let activation = follower.activation(analysed.constantOperands(graph.nodes[next])),
                activation != .none, analysed.isFloat32(node.outputs[0])
            else { continue }
            var fused = node
            fused.operation = fusing.fusing(activation)
            fused.outputs = graph.nodes[next].outputs
            patch.replace(index, with: fused)
            patch.remove(next)
            let follows = "\(graph.nodes[next].operatorName) \(graph.nodes[next].name.quotedForMessage)"
            patch.note("\(node.operatorName) \(node.name.quotedForMessage) takes over \(follows)")
        }
        return patch.isEmpty ? nil : patch
    }
}
