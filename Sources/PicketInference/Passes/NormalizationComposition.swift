internal import PicketTensor

/// Finds the LayerNormalization that opsets before 17 spell out: (x - mean) / √(mean of squares + epsilon), and the scale
/// and bias behind it.
package struct NormalizationComposition: GraphPass {
    package let name = "normalization composition"

    package init() {}

    /// The formula without scale and bias.
    private struct Found {
        var operand: ValueID
        /// The first of the axes, which are the innermost.
        var axis: Int
        var epsilon: Float
        var nodes: Set<Int>
    }

    package func patch(for analysed: AnalysedGraph) -> GraphPatch? {
        let graph = analysed.graph
        var patch = GraphPatch(for: graph)
        for (index, node) in graph.nodes.enumerated() where node.operation is Div || node.operation is Mul {
            guard let found = find(node, at: index, analysed), !found.nodes.contains(where: patch.touches),
                analysed.isClosed(found.nodes, endingAt: index), let output = node.outputs.first ?? nil,
                analysed.agree(found.operand, output), let shape = analysed.facts(found.operand).first?.shape
            else { continue }
            let inner = Array(shape.dimensions[found.axis...])
            var nodes = found.nodes
            var last = index
            let scale = follower(of: last, as: Mul.self, inner, analysed)
            last = scale?.node ?? last
            let bias = follower(of: last, as: Add.self, inner, analysed)
            last = bias?.node ?? last
            nodes.formUnion([scale?.node, bias?.node].compactMap(\.self))
            let count = inner.reduce(1, *)
            let ones = { () -> ValueID in
                let tensor = Tensor([Float](repeating: 1, count: count), shape: Shape(inner))
                return patch.addConstant("\(node.name) scale of one", ConstantTensor(tensor))
            }
            let normalization = Node(
                name: node.name,
                operation: LayerNormalization(axis: found.axis, epsilon: found.epsilon),
                inputs: [found.operand, scale?.parameter ?? ones(), bias?.parameter],
                outputs: graph.nodes[last].outputs
            )
            for inner in nodes.subtracting([last]) { patch.remove(inner) }
            patch.replace(last, with: normalization)
            patch.note("\(nodes.count) nodes to \(node.name.quotedForMessage) become LayerNormalization")
        }
        return patch.isEmpty ? nil : patch
    }

    /// The constant of the normalised shape that the only reader of a node multiplies by or adds. No other formula has that
    /// reader: it would be this one's.
    private func follower<Operation: Operator>(
        of index: Int,
        as type: Operation.Type,
        _ inner: [Int],
        _ analysed: AnalysedGraph
    ) -> (node: Int, parameter: ValueID)? {
        let node = analysed.graph.nodes[index]
        guard let own = node.outputs.first ?? nil, let next = analysed.soleConsumer(of: node) else { return nil }
        let reader = analysed.graph.nodes[next]
        guard reader.operation is Operation, reader.inputs.count == 2, let output = reader.outputs.first ?? nil,
            let position = reader.inputs.firstIndex(of: own), let parameter = reader.inputs[1 - position],
            let constant = analysed.graph.constants[parameter], constant.shape.dimensions == inner,
            analysed.agree(own, output)
        else { return nil }
        return (next, parameter)
    }

    /// The deviation divided by its root mean square, or multiplied by its reciprocal.
    private func find(_ node: Node, at index: Int, _ analysed: AnalysedGraph) -> Found? {
        guard node.inputs.count == 2 else { return nil }
        if node.operation is Div { return find(node.inputs[0], node.inputs[1], [index], analysed) }
        for position in 0...1 {
            guard let (inverse, reciprocal) = analysed.maker(of: node.inputs[position]),
                reciprocal.operation is Reciprocal,
                let found = find(node.inputs[1 - position], reciprocal.inputs[0], [index, inverse], analysed)
            else { continue }
            return found
        }
        return nil
    }

    private func find(
        _ deviation: ValueID?,
        _ root: ValueID?,
        _ nodes: Set<Int>,
        _ analysed: AnalysedGraph
    ) -> Found? {
        guard let first = centred(deviation, analysed), let (rootIndex, root) = analysed.maker(of: root),
            root.operation is Sqrt, let (sumIndex, sum) = analysed.maker(of: root.inputs[0]), sum.operation is Add,
            sum.inputs.count == 2,
            let (variance, epsilon) = [(0, 1), (1, 0)].lazy.compactMap({ value, number in
                analysed.scalar(sum.inputs[number]).map { (sum.inputs[value], $0) }
            }).first,
            let mean = mean(variance, analysed), let squared = squared(mean.operand, analysed),
            let second = squared.value == deviation ? first : centred(squared.value, analysed),
            second.operand == first.operand, second.axis == first.axis, mean.axis == first.axis
        else { return nil }
        let all = nodes.union(first.nodes).union(second.nodes).union([rootIndex, sumIndex, mean.node, squared.node])
        return Found(operand: first.operand, axis: first.axis, epsilon: epsilon, nodes: all)
    }

    /// x - mean(x).
    private func centred(
        _ value: ValueID?,
        _ analysed: AnalysedGraph
    ) -> (operand: ValueID, axis: Int, nodes: Set<Int>)? {
        guard let (index, difference) = analysed.maker(of: value), difference.operation is Sub,
            let operand = difference.inputs.first ?? nil, let mean = mean(difference.inputs.last ?? nil, analysed),
            mean.operand == operand
        else { return nil }
        return (operand, mean.axis, [index, mean.node])
    }

    /// A mean over the innermost axes that keeps them.
    private func mean(
        _ value: ValueID?,
        _ analysed: AnalysedGraph
    ) -> (operand: ValueID, axis: Int, node: Int)? {
        guard let (index, node) = analysed.maker(of: value), let mean = node.operation as? ReduceMean,
            let operand = node.inputs.first ?? nil, let fact = analysed.facts(operand).first,
            let output = node.outputs.first ?? nil,
            analysed.facts(output).first?.shape.rank == fact.shape.rank
        else { return nil }
        var operands = analysed.constantOperands(node)
        operands[0] = OperandFact(fact)
        guard let reduced = try? mean.axes.reduced(operands), let axis = reduced.first,
            reduced == Array(axis..<fact.shape.rank)
        else { return nil }
        return (operand, axis, index)
    }

    /// d² as a power or a product.
    private func squared(_ value: ValueID, _ analysed: AnalysedGraph) -> (value: ValueID, node: Int)? {
        guard let (index, node) = analysed.maker(of: value), node.inputs.count == 2, let base = node.inputs[0] else {
            return nil
        }
        let isSquare =
            node.operation is Pow && analysed.scalar(node.inputs[1]) == 2
            || node.operation is Mul && node.inputs[1] == base
        return isSquare ? (base, index) : nil
    }
}
