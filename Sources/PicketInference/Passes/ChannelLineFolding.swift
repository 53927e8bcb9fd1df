internal import PicketTensor

/// Moves a BatchNormalization, or a product or sum per channel, into the convolution before it: what they do to a
/// channel is a line, and so are the convolution's weights and bias.
package struct ChannelLineFolding: GraphPass {
    package let name = "channel line folding"

    private let limits: ImportLimits

    package init(limits: ImportLimits) {
        self.limits = limits
    }

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var patch = GraphPatch(for: graph)
        var budget = FoldingBudget(limits: limits, analysed)
        for (index, node) in graph.nodes.enumerated() {
            guard let convolution = node.operation as? Conv, convolution.activation == .none,
                !convolution.addsResidual, let weights = analysed.constant(node, 1), weights.elementType == .float32,
                let channels = weights.shape.dimensions.first, let bias = bias(of: node, channels, analysed)
            else { continue }
            var line = ChannelLine.identity(channels)
            var followers: [Int] = []
            var last = node
            while let next = analysed.soleConsumer(of: last), let value = last.outputs[0],
                let more = ChannelLine.of(graph.nodes[next], reading: value, channels: channels, analysed)
            {
                line = line.followed(by: more)
                followers.append(next)
                last = graph.nodes[next]
            }
            guard !followers.isEmpty, budget.take(bytes: 2 * channels * MemoryLayout<Float>.size) else { continue }
            let scaled = weights.scaled(by: line.scale)
            let moved = bias.indices.map { bias[$0] * line.scale[$0] + line.shift[$0] }
            var folded = node
            folded.inputs = [
                node.inputs[0],
                patch.addConstant("\(node.name) folded weights", scaled),
                patch.addConstant("\(node.name) folded bias", ConstantTensor(Tensor(moved, shape: Shape([channels])))),
            ]
            folded.outputs = last.outputs
            patch.replace(index, with: folded)
            for follower in followers { patch.remove(follower) }
            let names = followers.map { graph.nodes[$0].name.quotedForMessage }.joined(separator: ", ")
            patch.note("Conv \(node.name.quotedForMessage) takes over \(names)")
        }
        return patch.isEmpty ? nil : patch
    }

    /// The convolution's bias, zeros where it has none; nil where it is not known before a run.
    private func bias(of node: Node, _ channels: Int, _ analysed: AnalysedGraph) -> [Float]? {
        guard node.inputs.count > 2, node.inputs[2] != nil else { return [Float](repeating: 0, count: channels) }
        guard let constant = analysed.constant(node, 2), constant.elementType == .float32,
            constant.shape.dimensions == [channels]
        else { return nil }
        return constant.tensor().elements(of: Float.self)
    }
}
