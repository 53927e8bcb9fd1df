package import PicketTensor
import Synchronization

/// A graph ready to run: how it takes a batch, its weights, and its plans by input shape.
package final class CompiledGraph: Sendable {
    /// Rows of one pass at most; more are run in several.
    package static let maximumBatch = 64

    /// A pass takes fewer rows where they would need more memory than this.
    private static let passBytes = 512 << 20

    /// Plans kept at once; the one unused longest goes first.
    private static let maximumPlans = 128

    private struct Cache {
        var plans: [[Shape]: (plan: Plan, used: Int)] = [:]
        var clock = 0
    }

    package let graph: Graph
    package let batchMode: BatchMode
    package let kernels: KernelTable
    package let limits: ImportLimits

    /// Rows of a pass where the batch mode is row by row.
    package let fixedRows: Int

    /// Which inputs carry rows along their outermost axis.
    package let rowInputs: [Bool]

    /// Weights as the kernels read them, shared by all plans.
    package let weights: WeightStore

    let analysis: BatchAnalysis

    /// Whether shapes hang on what the inputs hold, so that there is no plan before they are known.
    package let isOpen: Bool
    private let cache = Mutex(Cache())

    /// Analyses the graph; plans are made when first asked for.
    ///
    /// - Throws: the first node whose shape rule refuses.
    package init(
        _ graph: Graph,
        kernels: KernelTable,
        limits: ImportLimits = ImportLimits()
    ) throws(NodeFault) {
        try graph.validate()
        do {
            analysis = try BatchAnalysis(graph)
            isOpen = false
        } catch {
            guard error.unknown != nil else { throw error }
            analysis = BatchAnalysis(open: graph, fault: error)
            isOpen = true
        }
        self.graph = analysis.graph
        self.batchMode = analysis.mode
        self.fixedRows = analysis.fixedRows
        self.rowInputs = analysis.rowInputs
        self.kernels = kernels
        self.limits = limits
        self.weights = WeightStore(constantBytes: graph.constants.values.reduce(0) { $0 + $1.byteCount })
    }

    /// Whether a pass takes one row.
    package var isRowByRow: Bool {
        if case .rowByRow = batchMode { true } else { false }
    }

    /// Whether the shape rules allow a pass over whole tensors of so many rows, mixed or not.
    package func allowsWhole(rows: Int) -> Bool { isRowByRow && (analysis.isDeclaredDynamic || rows == fixedRows) }

    /// Why the model has no rows at all, where it has none.
    package var rowless: String? { analysis.rowless }

    /// The inputs' shapes for a number of rows; nil where a symbol besides the batch leaves them open.
    package func inputShapes(rows: Int) -> [Shape]? {
        let open = graph.inputs.contains { id in
            graph[id].declared?.dimensions?.contains { if case .symbol = $0 { true } else { false } } ?? true
        }
        return open ? nil : analysis.shapes(rows: rows)
    }

    /// Rows of one pass at most, for inputs that need so much memory a row.
    ///
    /// - Parameter plan: for one row.
    package func passRows(_ plan: Plan) -> Int {
        max(1, min(Self.maximumBatch, Self.passBytes / max(plan.arenaBytes, 1)))
    }

    /// How a batch is cut for a number of threads.
    ///
    /// - Parameter plan: for one row.
    package func cut(_ plan: Plan, threads: Int) -> BatchCut {
        let traffic = BatchCut.Traffic(
            nodes: plan.traffic,
            constants: plan.constants.reduce(0) { $0 + $1.bytes.count },
            cost: plan.cost
        )
        return BatchCut(traffic, threads: threads, most: passRows(plan))
    }

    /// The plan for concrete input shapes.
    package func plan(inputs: [Shape]) throws(NodeFault) -> Plan {
        if let plan = cached(inputs) { return plan }
        try check(inputs)
        let specialisation = try Specialisation(graph, inputs: inputs)
        var builder = PlanBuilder(specialisation, kernels: kernels, weights: weights, limits: limits)
        let plan = try builder.build()
        try check(plan, inputs)
        keep(plan, for: inputs)
        return plan
    }

    /// How often a plan was asked for.
    package var planLookups: Int { cache.withLock(\.clock) }

    private func cached(_ inputs: [Shape]) -> Plan? {
        cache.withLock { cache in
            cache.clock += 1
            cache.plans[inputs]?.used = cache.clock
            return cache.plans[inputs]?.plan
        }
    }

    private func keep(_ plan: Plan, for inputs: [Shape]) {
        cache.withLock { cache in
            if cache.plans.count >= Self.maximumPlans,
                let oldest = cache.plans.min(by: { $0.value.used < $1.value.used })?.key
            {
                cache.plans[oldest] = nil
            }
            cache.plans[inputs] = (plan, cache.clock)
        }
    }

    /// A plan's estimate against what a pass may take.
    private func check(_ plan: Plan, _ inputs: [Shape]) throws(NodeFault) {
        var rows = 1
        if !isRowByRow, rowless == nil, let index = rowInputs.firstIndex(of: true) {
            rows = max(inputs[index].dimensions.first ?? 1, 1)
        }
        let seconds = plan.cost / 1e9 / Double(rows)
        guard seconds <= limits.passSeconds else {
            throw NodeFault(
                node: "plan",
                operatorName: "time",
                reason: "needs some \(Int(min(seconds, 1e15))) s a row, expected at most \(limits.passSeconds) s"
            )
        }
    }

    /// Input shapes against what the model declares of them.
    private func check(_ inputs: [Shape]) throws(NodeFault) {
        for (id, shape) in zip(graph.inputs, inputs) {
            guard let dimensions = graph[id].declared?.dimensions else { continue }
            let free = batchMode == .widened
            let fits =
                dimensions.count == shape.rank
                && zip(dimensions, shape.dimensions).enumerated().allSatisfy { axis, pair in
                    (axis == 0 && free) || pair.0.extent == nil || pair.0.extent == pair.1
                }
            guard fits else {
                throw NodeFault(
                    node: graph[id].name,
                    operatorName: "input",
                    reason:
                        "has shape \(shape), expected \(TensorFact(graph[id].declared?.elementType ?? .float32, dimensions))"
                )
            }
        }
    }
}
