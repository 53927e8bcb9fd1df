internal import PicketTensor

extension ModelSource {
    /// Operators whose results say something of a picture: what reshapes, casts or moves numbers is left out.
    private static let operators: Set<String> = [
        "Add", "AveragePool", "BatchNormalization", "Clip", "Concat", "Conv", "Gemm", "GlobalAveragePool",
        "HardSigmoid",
        "HardSwish", "LeakyRelu", "MatMul", "MaxPool", "Relu", "Sigmoid", "Softmax", "Tanh",
    ]

    /// The layers that a session can hand out, in topological order.
    ///
    /// Left out is what a pass folds into its maker *numerically* (a convolution before its normalisation, a product before
    /// its constant bias): so that keeping a layer costs an activation's fusion at most, and never changes the model's
    /// answers. None where the model is run row by row, or leaves more than the batch open.
    public var layers: [ModelLayer] {
        guard let analysis = try? BatchAnalysis(graph), analysis.rowless == nil, isClosed else { return [] }
        if case .rowByRow = analysis.mode { return [] }
        let graph = analysis.graph
        let rows = BatchAnalysis.probes
        guard let first = try? Specialisation(graph, inputs: analysis.shapes(rows: rows[0])),
            let second = try? Specialisation(graph, inputs: analysis.shapes(rows: rows[1])),
            let axes = try? first.rowAxes(rows: rows[0], inputs: analysis.rowInputs)
        else { return [] }
        let (producers, consumers) = (graph.producers, graph.consumers)
        return graph.nodes.compactMap { node in
            guard let id = node.outputs.first ?? nil, !graph[id].name.isEmpty, axes[id.index] == 0,
                ModelSource.operators.contains(node.operatorName) || isGate(node, producers),
                !isFolded(id, consumers), let one = first[id], let two = second[id], one.constant == nil,
                one.elementType == .float32, one.shape.rank >= 2, one.shape[0] == rows[0], two.shape[0] == rows[1],
                one.shape.row == two.shape.row, one.shape.elementCount > 0
            else { return nil }
            return ModelLayer(name: graph[id].name, operatorName: node.operatorName, rowShape: one.shape.row)
        }
    }

    private var isClosed: Bool {
        graph.inputs.allSatisfy { id in
            guard let dimensions = graph[id].declared?.dimensions else { return false }
            return !dimensions.contains { if case .symbol = $0 { true } else { false } }
        }
    }

    /// x · sigmoid(x), as exporters write SiLU and its kin: an activation in two nodes.
    private func isGate(_ node: Node, _ producers: [ValueID: Int]) -> Bool {
        guard node.operatorName == "Mul", node.inputs.count == 2, let left = node.inputs[0], let right = node.inputs[1]
        else { return false }
        return [(left, right), (right, left)].contains { value, gate in
            guard let maker = producers[gate].map({ graph.nodes[$0] }) else { return false }
            return ["Sigmoid", "HardSigmoid"].contains(maker.operatorName) && maker.inputs.first == value
        }
    }

    /// Whether the one reader of a value is folded into the value's maker by arithmetic on its weights.
    private func isFolded(_ id: ValueID, _ consumers: [ValueID: [Int]]) -> Bool {
        guard let readers = consumers[id], readers.count == 1 else { return false }
        let reader = graph.nodes[readers[0]]
        switch reader.operatorName {
        case "BatchNormalization":
            return true
        case "Add", "Sub", "Mul", "Div":
            return reader.inputs.contains { $0.map { graph.constants[$0] != nil } ?? false }
        default:
            return false
        }
    }
}
