/// Lets a convolution or matrix product add what a skip connection brings: Add of its result and another value of the
/// same shape becomes its last operand. Of float32 only, as with activations.
package struct ResidualFusion: GraphPass {
    package let name = "residual fusion"

    package init() {}

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var patch = GraphPatch(for: graph)
        for (index, sum) in graph.nodes.enumerated() where sum.operation is Add && !patch.touches(index) {
            // The later of the two products, so that the earlier may still fuse what follows it.
            let makers = sum.inputs.compactMap { $0.flatMap { analysed.producers[$0] } }.sorted(by: >)
            for maker in makers where !patch.touches(maker) {
                guard let fused = fuse(maker, into: sum, at: index, analysed) else { continue }
                patch.replace(index, with: fused)
                patch.remove(maker)
                patch.note(
                    "\(fused.operatorName) \(fused.name.quotedForMessage) adds the residual of "
                        + sum.name.quotedForMessage
                )
                break
            }
        }
        return patch.isEmpty ? nil : patch
    }

    /// The product of `maker`, computed where the sum was, with the sum's other operand as its residual.
    private func fuse(_ maker: Int, into sum: Node, at index: Int, _ analysed: AnalysedGraph) -> Node? {
        let node = analysed.graph.nodes[maker]
        guard let fusing = node.operation as? any FusingOperator, fusing.activation == .none, !fusing.addsResidual,
            analysed.soleConsumer(of: node) == index, let own = node.outputs[0], let result = sum.outputs.first ?? nil,
            sum.inputs.count == 2, let left = sum.inputs[0], let right = sum.inputs[1]
        else { return nil }
        let residual = left == own ? right : left
        let shape = analysed.facts(own)
        // Not at one batch size only: a constant of one row has the shape of a batch of one.
        guard residual != own, shape == analysed.facts(residual), shape == analysed.facts(result),
            analysed.graph.constants[residual] == nil, analysed.isFloat32(own)
        else { return nil }
        let position = type(of: fusing).residualPosition
        guard node.inputs.count <= position else { return nil }
        var fused = node
        fused.operation = fusing.addingResidual()
        fused.inputs += [ValueID?](repeating: nil, count: position - node.inputs.count) + [residual]
        fused.outputs = sum.outputs
        return fused
    }
}
