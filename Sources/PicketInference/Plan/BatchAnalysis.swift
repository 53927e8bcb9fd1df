import PicketTensor

/// Finds out how a graph takes a batch: by its shape rules at several batch sizes, and by following the rows through it.
struct BatchAnalysis {
    /// The graph to compile: the given one, or one with its reshapes widened.
    var graph: Graph
    var mode: BatchMode
    /// Which inputs carry rows along their outermost axis.
    var rowInputs: [Bool]
    /// Rows of a pass where the mode is row by row.
    var fixedRows: Int
    /// Whether the model declares a symbolic batch.
    var isDeclaredDynamic: Bool
    /// Why the model has no rows at all, where it has none.
    var rowless: String?
    /// Extents that the shape rules accept for the inputs' symbols, for facts without a run.
    var symbolExtent: Int

    /// Two batches tell a batch dimension from a constant.
    static let probes = [2, 3]

    /// What to try for a symbolic extent: common picture sizes, then small ones.
    private static let symbolExtents = [224, 64, 48, 32, 28, 299, 16, 8, 4, 2, 1]

    /// A graph whose shapes hang on what its inputs hold: it has no rows, and is compiled anew for other contents.
    init(open graph: Graph, fault: NodeFault) {
        self.graph = graph
        let reason = "shapes hang on what the inputs hold: \(fault)"
        mode = .rowByRow(reason: reason)
        rowless = reason
        rowInputs = graph.inputs.map { _ in false }
        fixedRows = 1
        isDeclaredDynamic = false
        symbolExtent = 1
    }

    init(_ graph: Graph) throws(NodeFault) {
        let dimensions = graph.inputs.map { graph[$0].declared?.dimensions ?? [] }
        let isDynamic = dimensions.contains { $0.first == .batch }
        let fixed = isDynamic ? 1 : Self.fixedRows(dimensions)
        self.graph = graph
        self.isDeclaredDynamic = isDynamic
        self.fixedRows = fixed ?? 1
        self.rowInputs = dimensions.map { isDynamic ? $0.first == .batch : !$0.isEmpty }
        self.symbolExtent = try Self.firstWorkingExtent(graph, rows: fixed ?? 1)
        self.mode = .dynamic
        guard fixed != nil else {
            let reason = "the inputs do not share an outermost extent"
            rowless = reason
            rowInputs = dimensions.map { _ in false }
            mode = .rowByRow(reason: reason)
            return
        }
        do {
            if !isDynamic {
                mode = .widened
                let atHome = try Specialisation(graph, inputs: shapes(rows: fixedRows))
                self.graph = Self.widenReshapes(graph, atHome, rows: fixedRows)
            }
            // One row as well: an axis of extent 1 may be treated as none. And as many as are declared, and as a pass takes
            // at most: what takes the first three of an axis takes all of it in a smaller batch.
            let counts = [1] + Self.probes + (isDynamic ? [] : [fixedRows]) + [CompiledGraph.maximumBatch]
            var proof = RowProof(self.graph)
            for rows in counts { try proof.look(rows: rows, inputs: shapes(rows: rows), carrying: rowInputs) }
            try proof.check()
        } catch {
            self.graph = graph
            mode = .rowByRow(reason: error.description)
        }
    }

    /// The inputs' shapes for a number of rows.
    func shapes(rows: Int) -> [Shape] {
        Self.shapes(graph, rows: rows, carrying: rowInputs, symbols: symbolExtent)
    }

    private static func shapes(_ graph: Graph, rows: Int, carrying: [Bool], symbols: Int) -> [Shape] {
        zip(graph.inputs, carrying).map { id, carries in
            let dimensions = graph[id].declared?.dimensions ?? []
            let extents = dimensions.enumerated().map { axis, dimension in
                if axis == 0, carries { return rows }
                return switch dimension {
                case .known(let extent): extent
                case .batch: rows
                case .symbol: symbols
                }
            }
            // Declared extents were validated at import; those past the limits fail there, not here.
            return (try? Shape(validating: extents)) ?? Shape([0])
        }
    }

    private static func fixedRows(_ dimensions: [[Dimension]]) -> Int? {
        guard let rows = dimensions.first?.first?.extent, rows > 0 else { return nil }
        return dimensions.allSatisfy { $0.first == .known(rows) } ? rows : nil
    }

    private static func firstWorkingExtent(_ graph: Graph, rows: Int) throws(NodeFault) -> Int {
        let hasSymbols = graph.inputs.contains { id in
            graph[id].declared?.dimensions?.contains { if case .symbol = $0 { true } else { false } } ?? false
        }
        let candidates = hasSymbols ? symbolExtents : [1]
        var first: NodeFault?
        for extent in candidates {
            do {
                let carrying = graph.inputs.map { graph[$0].declared?.dimensions?.first == .batch }
                let inputs = shapes(graph, rows: rows, carrying: carrying, symbols: extent)
                _ = try Specialisation(graph, inputs: inputs)
                return extent
            } catch {
                first = first ?? error
            }
        }
        throw first ?? NodeFault(node: "inputs", operatorName: "input", reason: "no extent fits")
    }

    /// Frees the leading extent of constant reshapes: copied from the operand where it is the rows there too, else
    /// inferred from the number of elements.
    private static func widenReshapes(_ graph: Graph, _ atHome: Specialisation, rows: Int) -> Graph {
        var widened = graph
        for (index, node) in graph.nodes.enumerated() {
            guard let reshape = node.operation as? Reshape, let data = node.inputs.first ?? nil,
                node.inputs.count > 1, let target = node.inputs[1],
                let before = atHome[data], before.constant == nil, let shape = atHome[target],
                let requested = try? shape.integers("shape"), let leading = requested.first, leading > 0,
                leading.isMultiple(of: rows)
            else { continue }
            var extents = requested
            if before.shape.dimensions.first == leading, !reshape.allowsZero {
                extents[0] = 0
            } else if !extents.contains(-1) {
                extents[0] = -1
            } else {
                continue
            }
            let constant = Tensor(extents.map { Int64($0) }, shape: Shape([extents.count]))
            let id = widened.addConstant("\(node.name) widened shape \(index)", ConstantTensor(constant))
            widened.nodes[index].inputs[1] = id
        }
        return widened
    }
}
