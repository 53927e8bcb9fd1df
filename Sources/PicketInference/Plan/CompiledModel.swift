/// A model ready to run, shared by any number of sessions: weights packed once, plans by batch size.
public final class CompiledModel: Sendable {
    /// Rows of one pass at most; a session runs more in several.
    public static let maximumBatch = CompiledGraph.maximumBatch

    package let compiled: CompiledGraph

    /// The inputs in the model's order; the outermost extent of those that carry rows is the batch.
    public let inputs: [Model.Port]

    /// The outputs in the model's order, with the shapes that follow from the inputs, whatever the file declares.
    public let outputs: [Model.Port]

    /// Compiles a model for the kernels of this process (`PICKET_ISA`, or the CPU's best).
    ///
    /// - Parameters:
    ///   - extraOutputs: names of tensors inside the model that come behind its outputs. Only those that the passes left
    ///     standing can be had: what a fusion took over is refused.
    ///   - precision: of products with constant weights.
    /// - Throws: ``KernelFault``, ``PrecisionFault``, the ``NodeFault`` of a node whose shape rule refuses, or
    ///   ``SessionFault/unknownOutput(_:known:)``.
    public convenience init(_ model: Model, extraOutputs: [String] = [], precision: Precision = .float32) throws {
        let kernels = try KernelTable.selected().multiplying(precision)
        try self.init(Self.adding(extraOutputs, to: model.graph), kernels: kernels, limits: model.source.limits)
    }

    /// Compiles a model whose sessions hand out layers.
    ///
    /// - Parameters:
    ///   - layers: names among ``ModelSource/layers``; a set of them is compiled once, for all who want any.
    ///   - precision: of products with constant weights.
    /// - Throws: ``KernelFault``, ``PrecisionFault``, ``NodeFault``, or ``SessionFault/unknownLayer(_:)``.
    public convenience init(_ source: ModelSource, layers: [String], precision: Precision = .float32) throws {
        let kernels = try KernelTable.selected().multiplying(precision)
        try self.init(source.improved(keeping: layers), kernels: kernels, limits: source.limits)
    }

    package static func adding(_ names: [String], to graph: Graph) throws(SessionFault) -> Graph {
        var graph = graph
        let made = Set(graph.nodes.flatMap { $0.outputs.compactMap { $0 } })
        for name in names {
            guard let id = graph.value(named: name), made.contains(id) else {
                throw .unknownOutput(name, known: made.sorted().map { graph[$0].name })
            }
            if !graph.outputs.contains(id) { graph.outputs.append(id) }
        }
        return graph
    }

    package init(
        _ graph: Graph,
        kernels: KernelTable,
        limits: ImportLimits = ImportLimits()
    ) throws(NodeFault) {
        compiled = try CompiledGraph(graph, kernels: kernels, limits: limits)
        let facts = try compiled.facts()
        let port = { (id: ValueID) in
            Model.Port(name: graph[id].name, fact: facts[id.index] ?? TensorFact(.float32, nil))
        }
        inputs = graph.inputs.map(port)
        outputs = graph.outputs.map(port)
    }

    /// How the model takes a batch.
    public var batchMode: BatchMode { compiled.batchMode }

    /// The ISA level of the kernels, as `PICKET_ISA` has it.
    public var isaLevel: String { compiled.kernels.level }

    /// Of products with constant weights.
    public var precision: Precision { compiled.kernels.precision }

    /// Rows that one pass takes at most: fewer than ``maximumBatch`` for a model whose memory would grow too large, one
    /// where the model runs row by row.
    ///
    /// - Throws: ``SessionFault`` where the inputs leave extents open besides the batch, or a node refuses.
    public func rowsPerPass() throws(SessionFault) -> Int {
        if compiled.isOpen { throw .noRows(compiled.rowless ?? "shapes hang on what the inputs hold") }
        if compiled.isRowByRow { return 1 }
        return compiled.passRows(try plan(rows: 1))
    }

    /// Floating-point operations of one row, a multiply-add counted as two; nil where the inputs leave extents open besides
    /// the batch.
    public var floatingPointOperations: Int? {
        guard let shapes = compiled.inputShapes(rows: 1),
            let specialisation = try? Specialisation(compiled.graph, inputs: shapes)
        else { return nil }
        return FloatingPointOperations.count(in: specialisation)
    }

    /// Bytes of the arena that a thread needs for a batch, and of packed weights so far.
    ///
    /// - Throws: ``SessionFault`` where the inputs leave extents open besides the batch, or a node refuses.
    public func memory(rows: Int) throws(SessionFault) -> (arenaBytes: Int, weightBytes: Int) {
        let first = try plan(rows: compiled.isRowByRow ? compiled.fixedRows : 1)
        if compiled.isRowByRow || rows <= 1 { return (first.arenaBytes, compiled.weights.byteCount) }
        let run = compiled.cut(first, threads: 1).next(rows, threads: 1, isTapped: false)
        return (try plan(rows: run.rows).arenaBytes, compiled.weights.byteCount)
    }

    private func plan(rows: Int) throws(SessionFault) -> Plan {
        guard let shapes = compiled.inputShapes(rows: rows) else {
            throw .noRows("its inputs leave extents open besides the batch")
        }
        do throws(NodeFault) { return try compiled.plan(inputs: shapes) } catch { throw .node(error) }
    }
}

extension Session {
    /// - Parameter threads: that share out the work of a pass, the caller's among them; 1 at least.
    public convenience init(_ model: CompiledModel, threads: Int = 1) {
        self.init(model.compiled, threads: threads)
    }
}
