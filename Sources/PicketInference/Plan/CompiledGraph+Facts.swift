import PicketTensor

extension CompiledGraph {
    /// What is known of every value that the shape rules reach, by the value's index, batch and symbols still open.
    package func facts() throws(NodeFault) -> [TensorFact?] {
        guard !isOpen else { return graph.values.map(\.declared) }
        let isBatched = if case .rowByRow = batchMode { false } else { true }
        let rows = isBatched ? BatchAnalysis.probes : [fixedRows, fixedRows]
        let first = try Specialisation(graph, inputs: analysis.shapes(rows: rows[0]))
        let second = try Specialisation(graph, inputs: analysis.shapes(rows: rows[1]))
        return graph.values.indices.map { index in
            let id = ValueID(index)
            if let declared = graph[id].declared, let position = graph.inputs.firstIndex(of: id) {
                guard isBatched, rowInputs[position], let dimensions = declared.dimensions else { return declared }
                return TensorFact(declared.elementType, [.batch] + dimensions.dropFirst())
            }
            guard let one = first[id], let two = second[id], one.shape.rank == two.shape.rank else { return nil }
            let dimensions = zip(one.shape.dimensions, two.shape.dimensions).map { left, right in
                if left == right { return Dimension.known(left) }
                return left == rows[0] && right == rows[1] ? .batch : .symbol("\(left / rows[0]) × batch")
            }
            return TensorFact(one.elementType, dimensions)
        }
    }
}
