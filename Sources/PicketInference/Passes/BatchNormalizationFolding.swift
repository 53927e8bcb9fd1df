internal import PicketTensor

/// Moves a BatchNormalization into the convolution before it: at inference it is a line per channel, and so are the
/// convolution's weights and bias.
package struct BatchNormalizationFolding: GraphPass {
    package let name = "batch normalization folding"

    private let limits: ImportLimits

    package init(limits: ImportLimits) {
        self.limits = limits
    }

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var patch = GraphPatch(for: graph)
        var budget = FoldingBudget(limits: limits, graph: graph)
        for (index, node) in graph.nodes.enumerated() {
            guard let convolution = node.operation as? Conv, convolution.activation == .none,
                !convolution.addsResidual, let next = analysed.soleConsumer(of: node),
                graph.nodes[next].inputs.first == node.outputs[0],
                let line = line(of: graph.nodes[next], analysed),
                let weights = analysed.constant(node, 1), weights.elementType == .float32,
                weights.shape.dimensions.first == line.scale.count, budget.take(bytes: weights.byteCount)
            else { continue }
            let bias: [Float]
            if node.inputs.count > 2, node.inputs[2] != nil {
                guard let constant = analysed.constant(node, 2), constant.elementType == .float32,
                    constant.shape.dimensions == [line.scale.count]
                else { continue }
                bias = constant.tensor().elements(of: Float.self)
            } else {
                bias = [Float](repeating: 0, count: line.scale.count)
            }
            var folded = node
            let name = node.name
            let scaled = ConstantTensor(weights.tensor().scaled(by: line.scale))
            let moved = zip(bias, zip(line.scale, line.shift)).map { bias, line in bias * line.0 + line.1 }
            let shifted = ConstantTensor(Tensor(moved, shape: Shape([moved.count])))
            folded.inputs = [
                node.inputs[0], patch.addConstant("\(name) folded weights", scaled),
                patch.addConstant("\(name) folded bias", shifted),
            ]
            folded.outputs = [graph.nodes[next].outputs.first ?? nil]
            patch.replace(index, with: folded)
            patch.remove(next)
            patch.note("Conv \(name.quotedForMessage) takes over \(graph.nodes[next].name.quotedForMessage)")
        }
        return patch.isEmpty ? nil : patch
    }

    /// What the node does to each channel, where it is a BatchNormalization with known parameters.
    private func line(of node: Node, _ analysed: AnalysedGraph) -> (scale: [Float], shift: [Float])? {
        guard let normalization = node.operation as? BatchNormalization else { return nil }
        var parameters: [[Float]] = []
        for position in 1...4 {
            guard let constant = analysed.constant(node, position), constant.elementType == .float32 else { return nil }
            parameters.append(constant.tensor().elements(of: Float.self))
        }
        guard parameters.allSatisfy({ $0.count == parameters[0].count }) else { return nil }
        return normalization.line(parameters)
    }
}

extension Tensor {
    /// The tensor with each part along its outermost axis multiplied by a number of its own.
    ///
    /// - Precondition: float32, and as many numbers as parts.
    fileprivate func scaled(by factors: [Float]) -> Tensor {
        precondition(shape.rank > 0 && shape[0] == factors.count, "a factor for each part")
        var elements = elements(of: Float.self)
        let part = max(elements.count / max(factors.count, 1), 1)
        for index in elements.indices { elements[index] *= factors[index / part] }
        return Tensor(elements, shape: shape)
    }
}
