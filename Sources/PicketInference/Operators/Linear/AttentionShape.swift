import PicketTensor

/// An attention at concrete shapes, and how its operands lie.
struct AttentionShape: Sendable {
    /// Matrices in the stack: batches times heads.
    let stack: Int
    /// Of each: queries, keys, and the lengths of a query and of a value.
    let rows: Int
    let count: Int
    let depth: Int
    let width: Int

    let queries: MatrixStack
    let keys: MatrixStack
    let values: MatrixStack
    let result: MatrixStack
    /// Row strides are 0 where one row is added to all; a column stride of 0 adds one number to a row.
    let addends: [MatrixStack]

    init(
        _ operation: Attention,
        _ operands: [OperandFact?],
        _ result: ConcreteFact,
        view: (Int) -> StridedView?,
        resultView: StridedView
    ) throws(OperatorFault) {
        let facts = try operation.facts(operands)
        let (left, right) = (try operands.required(0).shape, try operands.required(1).shape)
        guard left.rank >= 2, right.rank == left.rank, result.shape.rank == left.rank else {
            throw OperatorFault("queries of \(left) and keys of \(right) are no stacks of matrices")
        }
        stack = left.dimensions.dropLast(2).reduce(1, *)
        (rows, depth) = (left[left.rank - 2], left[left.rank - 1])
        (count, width) = (right[right.rank - 1], result.shape[result.shape.rank - 1])
        let matrices = try (0..<Attention.factors).map { index throws(OperatorFault) -> MatrixStack in
            guard let view = view(index), let matrices = MatrixStack(view) else {
                throw OperatorFault("operand \(index) of an attention has no even strides")
            }
            return matrices
        }
        (queries, keys, values) = (matrices[0], matrices[1], matrices[2])
        guard let place = MatrixStack(resultView), place.columnStride == 1 else {
            throw OperatorFault("the result of an attention has no even strides")
        }
        self.result = place
        addends = try operation.addends.map { addend throws(OperatorFault) -> MatrixStack in
            guard let shape = operands.optional(addend.operand)?.shape, let sum = facts[addend.sum.index]?.shape else {
                throw OperatorFault("an addend of an attention is missing")
            }
            return MatrixStack(stretching: shape, to: sum)
        }
    }
}

extension MatrixStack {
    /// A row-major operand that is broadcast to a stack of matrices.
    init(stretching shape: Shape, to sum: Shape) {
        let strides = StridedCopy.rowMajor(shape.dimensions)
        let runs = (0..<sum.rank).map { axis in
            let own = axis - sum.rank + shape.rank
            let isStretched = own < 0 || shape[own] == 1
            return StridedView.Run(extent: sum[axis], stride: isStretched ? 0 : strides[own])
        }
        stack = StridedView.joined(runs.dropLast(2).filter { $0.extent != 1 })
        offset = 0
        rowStride = runs[sum.rank - 2].stride
        columnStride = runs[sum.rank - 1].stride
    }
}
