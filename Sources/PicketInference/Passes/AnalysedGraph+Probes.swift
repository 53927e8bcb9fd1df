internal import PicketTensor

extension AnalysedGraph {
    /// Symbols that are looked at each by itself, of a model with more.
    private static let maximumSymbols = 8

    /// Input shapes that the graph is looked at with: as declared, at the other batch sizes that it takes, and with the
    /// symbols that it takes as 1.
    ///
    /// - Throws: the node at which the shapes do not fit.
    static func probes(_ analysis: BatchAnalysis) throws(NodeFault) -> [[Shape]] {
        let graph = analysis.graph
        let isOpen = graph.inputs.contains { graph[$0].declared?.dimensions?.contains(.batch) ?? false }
        // One row and more: a batch of one hides what broadcasts, and a larger one what an axis of extent 1 does.
        let first = try shapes(graph, rows: 1, symbols: analysis.symbolExtent)
        var probes = [first]
        // And each symbol as 1, which broadcasts where equal extents of two do not show it.
        for name in symbols(graph).prefix(maximumSymbols) {
            let inputs = try shapes(graph, rows: 1, symbols: analysis.symbolExtent, one: name)
            if inputs != first, (try? Specialisation(graph, inputs: inputs)) != nil { probes.append(inputs) }
        }
        if analysis.mode == .widened {
            // What carries rows and what does not are alike in a fixed batch of one.
            let other = [1] + BatchAnalysis.probes
            return probes + other.map { analysis.shapes(rows: $0) }.filter { !probes.contains($0) }
        }
        guard isOpen else { return probes }
        for rows in BatchAnalysis.probes {
            let inputs = try shapes(graph, rows: rows, symbols: analysis.symbolExtent)
            // A graph that mixes rows is run row by row, and may take no other batch at all.
            if analysis.mode == .dynamic || (try? Specialisation(graph, inputs: inputs)) != nil {
                probes.append(inputs)
            }
        }
        return probes
    }

    /// The names of extents besides the batch that the inputs leave open, in order.
    private static func symbols(_ graph: Graph) -> [String] {
        var names: [String] = []
        for case .symbol(let name) in graph.inputs.flatMap({ graph[$0].declared?.dimensions ?? [] })
        where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    /// The inputs' declared shapes with numbers for what they leave open.
    ///
    /// - Parameter one: a symbol that is 1, unlike the others.
    static func shapes(
        _ graph: Graph,
        rows: Int,
        symbols: Int,
        one: String? = nil
    ) throws(NodeFault) -> [Shape] {
        var shapes: [Shape] = []
        for id in graph.inputs {
            let extents = (graph[id].declared?.dimensions ?? []).map { dimension in
                switch dimension {
                case .known(let extent): extent
                case .batch: rows
                case .symbol(let name): name == one ? 1 : symbols
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
