internal import PicketTensor

extension AnalysedGraph {
    /// Input shapes that the graph is looked at with: as declared, at the batch sizes that it takes where the
    /// batch is open.
    ///
    /// - Throws: the node at which the shapes do not fit.
    static func probes(_ graph: Graph) throws(NodeFault) -> [[Shape]] {
        let analysis = try BatchAnalysis(graph)
        let isOpen = graph.inputs.contains { graph[$0].declared?.dimensions?.contains(.batch) ?? false }
        // One row and more: a batch of one hides what broadcasts, and a larger one what an axis of extent 1 does.
        let first = try shapes(graph, rows: 1, symbols: analysis.symbolExtent)
        guard isOpen else { return [first] }
        var probes = [first]
        for rows in BatchAnalysis.probes {
            let inputs = try shapes(graph, rows: rows, symbols: analysis.symbolExtent)
            // A graph that mixes rows is run row by row, and may take no other batch at all.
            if analysis.mode == .dynamic || (try? Specialisation(graph, inputs: inputs)) != nil {
                probes.append(inputs)
            }
        }
        return probes
    }

    /// The inputs' declared shapes with numbers for what they leave open.
    static func shapes(_ graph: Graph, rows: Int, symbols: Int) throws(NodeFault) -> [Shape] {
        var shapes: [Shape] = []
        for id in graph.inputs {
            let extents = (graph[id].declared?.dimensions ?? []).map { dimension in
                switch dimension {
                case .known(let extent): extent
                case .batch: rows
                case .symbol: symbols
                }
            }
            do {
                shapes.append(try Shape(validating: extents))
            } catch {
                throw NodeFault(node: graph[id].name, operatorName: "input", reason: "\(error)")
            }
        }
        return shapes
    }
}
