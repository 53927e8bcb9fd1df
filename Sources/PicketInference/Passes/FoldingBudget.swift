internal import PicketTensor

/// What passes may still make of constants, so that no small file becomes a large graph.
///
/// Constants that passes make lie in memory. Together they may take what the file's own constants take, and
/// ``ImportLimits/foldedBytes`` more.
struct FoldingBudget {
    private let tensorBytes: Int
    private var bytes: Int
    private var work: Int

    /// Operators whose results each read many elements, so that their work is a product.
    private static let contractions: Set<String> = [
        "AveragePool", "Conv", "ConvTranspose", "Einsum", "Gemm", "GridSample", "LpPool", "LRN", "MatMul", "MaxPool",
    ]

    init(limits: ImportLimits, _ analysed: AnalysedGraph) {
        tensorBytes = limits.foldedTensorBytes
        // What was made in earlier rounds lies in memory too, and counts.
        let made = analysed.graph.constants.values.reduce(0) { $0 + $1.ownedBytes }
        bytes = limits.foldedBytes + analysed.modelBytes - made
        work = limits.foldedWork
    }

    /// Takes `count` bytes; false, and nothing taken, where they are not left.
    mutating func take(bytes count: Int) -> Bool {
        guard count <= bytes else { return false }
        bytes -= count
        return true
    }

    /// Takes what evaluating a node costs; false, and nothing taken, where that is not left.
    ///
    /// A result is small, or no larger than what it is made from, as a transposed weight is.
    mutating func take(_ node: Node, _ operands: [OperandFact?], _ results: [ConcreteFact]) -> Bool {
        let from = operands.reduce(0) { $0 + ($1?.constant?.byteCount ?? 0) }
        let sizes = results.map { $0.shape.elementCount * $0.elementType.byteCount }
        let cost = FoldingBudget.work(node, operands, results)
        guard sizes.allSatisfy({ $0 <= max(tensorBytes, from) }), cost <= work else { return false }
        guard take(bytes: sizes.reduce(0, +)) else { return false }
        work -= cost
        return true
    }

    /// What the reference evaluation takes, in units of ``ImportLimits/foldedWork``, from above.
    private static func work(_ node: Node, _ operands: [OperandFact?], _ results: [ConcreteFact]) -> Int {
        let read = operands.reduce(0) { $0 + ($1?.shape.elementCount ?? 0) }
        let written = results.reduce(0) { $0 + $1.shape.elementCount }
        guard contractions.contains(node.operatorName) else { return (read + written) / 4 + 1 }
        let (product, overflow) = written.multipliedReportingOverflow(by: max(read, 1))
        return overflow ? Int.max : product
    }
}
