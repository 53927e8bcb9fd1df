internal import PicketTensor

extension AnalysedGraph {
    /// Input shapes that the graph is looked at with: as declared, at two batch sizes where the batch is open.
    ///
    /// - Throws: the node at which the shapes do not fit.
    static func probes(_ graph: Graph) throws(NodeFault) -> [[Shape]] {
        let analysis = try BatchAnalysis(graph)
        let isOpen = graph.inputs.contains { graph[$0].declared?.dimensions?.contains(.batch) ?? false }
        // More than one row: a batch of one hides what broadcasts.
        let rows = isOpen && analysis.mode == .dynamic ? BatchAnalysis.probes : [1]
        var probes: [[Shape]] = []
        for rows in rows { probes.append(try shapes(graph, rows: rows, symbols: analysis.symbolExtent)) }
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
