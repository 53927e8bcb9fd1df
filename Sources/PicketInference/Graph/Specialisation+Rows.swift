import PicketTensor

extension Specialisation {
    /// The axis along which each value carries the batch's rows, by the index of the value; nil where it carries none.
    ///
    /// This is what makes a batch safe: it proves that no row's result depends on the rows beside it.
    ///
    /// - Parameter rows: the extent of axis 0 of those inputs that carry rows.
    /// - Throws: the first node that mixes rows, or an output or layer whose outermost axis is not the rows.
    package func rowAxes(rows: Int, inputs: [Bool]) throws(NodeFault) -> [Int?] {
        let axes = try rowAxes(rows: rows, from: inputs.map { $0 ? 0 : nil })
        for output in graph.outputs + graph.layers {
            guard axes[output.index] == 0, self[output]?.shape.dimensions.first == rows else {
                throw NodeFault(
                    node: graph[output].name,
                    operatorName: "output",
                    reason: "its outermost axis is not the rows of the batch"
                )
            }
        }
        return axes
    }

    /// The same without a condition on the outputs.
    ///
    /// - Parameter inputs: the axis along which each input carries rows.
    func rowAxes(rows: Int, from inputs: [Int?]) throws(NodeFault) -> [Int?] {
        var axes = [Int?](repeating: nil, count: graph.values.count)
        for (id, axis) in zip(graph.inputs, inputs) { axes[id.index] = axis }
        var repeated: [ValueID: Set<Int>] = [:]
        for node in graph.nodes {
            let carried = node.inputs.map { $0.flatMap { axes[$0.index] } }
            // What follows from shapes alone is the same whatever the rows hold.
            let known = node.outputs.allSatisfy { $0.flatMap { self[$0]?.constant } != nil }
            guard !known, carried.contains(where: { $0 != nil }) else {
                if let output = node.outputs.first ?? nil { repeated[output] = repeatedAxes(of: node) }
                continue
            }
            do {
                let context = RowContext(
                    rows: rows,
                    axes: carried,
                    repeated: node.inputs.map { $0.flatMap { repeated[$0] } ?? [] },
                    operands: operands(of: node),
                    results: try results(of: node)
                )
                let results = try node.operation.rowAxes(context)
                for (index, output) in node.outputs.enumerated() where index < results.count {
                    if let output { axes[output.index] = results[index] }
                }
            } catch {
                throw node.fault(error)
            }
        }
        return axes
    }

    /// The axes along which a node repeats what it reads.
    func repeatedAxes(of node: Node) -> Set<Int> {
        guard let repeating = node.operation as? any RepeatingOperator,
            let result = (node.outputs.first ?? nil).flatMap({ self[$0]?.fact })
        else { return [] }
        return repeating.repeatedAxes(operands(of: node), result)
    }
}
