internal import PicketTensor

/// Lets a MatMul add the bias behind it, as many exporters write a dense layer; of two matrices it becomes one Gemm.
package struct ProductBias: GraphPass {
    package let name = "product bias"

    /// Gemm as of opset 13: its bias broadcasts and may be left out.
    private static let opset = 13

    package init() {}

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var patch = GraphPatch(for: graph)
        for (index, node) in graph.nodes.enumerated() {
            guard let product = node.operation as? MatMul, product.activation == .none, !product.addsResidual,
                node.inputs.count == 2, let left = node.inputs[0], let right = node.inputs[1],
                let own = node.outputs.first ?? nil, let next = analysed.soleConsumer(of: node),
                let bias = bias(of: graph.nodes[next], besides: own, analysed)
            else { continue }
            let sum = graph.nodes[next]
            let areMatrices = isMatrix(left, analysed) && isMatrix(right, analysed)
            var dense = node
            if areMatrices, let gemm = gemm() { dense.operation = gemm }
            dense.inputs = [left, right, bias]
            dense.outputs = sum.outputs
            patch.replace(index, with: dense)
            patch.remove(next)
            patch.note("MatMul \(node.name.quotedForMessage) takes over Add \(sum.name.quotedForMessage)")
        }
        return patch.isEmpty ? nil : patch
    }

    /// The constant that a sum adds to every row of `value`.
    private func bias(of sum: Node, besides value: ValueID, _ analysed: AnalysedGraph) -> ValueID? {
        guard sum.operation is Add, sum.inputs.count == 2, let output = sum.outputs.first ?? nil,
            let left = sum.inputs[0], let right = sum.inputs[1], left != right
        else { return nil }
        let bias = left == value ? right : left
        let facts = analysed.facts(value)
        guard let constant = analysed.graph.constants[bias], let columns = facts.first?.shape.dimensions.last,
            facts == analysed.facts(output), constant.elementType == .float32,
            constant.shape.dimensions == [columns] || constant.shape.dimensions == [1, columns]
        else { return nil }
        return bias
    }

    private func isMatrix(_ value: ValueID, _ analysed: AnalysedGraph) -> Bool {
        let facts = analysed.facts(value)
        return !facts.isEmpty && facts.allSatisfy { $0.shape.rank == 2 }
    }

    private func gemm() -> (any Operator)? {
        let node = NodeDescription(
            attributes: NodeAttributes(),
            opset: ProductBias.opset,
            inputs: [true, true, true],
            outputs: [true]
        )
        return try? Gemm(node)
    }
}
